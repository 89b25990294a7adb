export { byKind } from './by-kind.ts';
export { ChangeLog, type ChangeKind, dropChanges, reachesBackTo, readChanges } from './change-log.ts';
export { type GraphCounts, isEmpty, readCounts, readNextIds, readPosition } from './counts.ts';
export {
  type KeyRow,
  type KeyScope,
  createKey,
  hashSecret,
  keyScopes,
  listKeys,
  parseKey,
  readKeys,
  revokeKey,
} from './keys.ts';
export { checkDatabase } from './check-database.ts';
export { type DatabaseState, copyDatabase, openCopy, quickCheck, readState } from './database-copy.ts';
export { DatabaseFile, modeForOthers } from './database-file.ts';
export { assertUnused } from './exclusive-use.ts';
export { LookupCache } from './lookup-cache.ts';
export { MultiRowInsert } from './multi-row-insert.ts';
export {
  type Database,
  type StorageFault,
  asDataError,
  ensureDatabase,
  isStorageError,
  loadSqlite,
  openDatabase,
  openDatabaseReadOnly,
  storageFaultOf,
} from './open-database.ts';
export { migrations } from './schema.ts';
export { type Origin, foreignTo, readOrigin } from './origin.ts';
export { findNear } from './near-texts.ts';
export { PopularPins } from './popular-pins.ts';
export { type ListedSave, SaveLists, type SavePosition } from './save-lists.ts';
export { collectPinFields } from './schema.ts';
export { type Root, SideFile } from './side-file.ts';
export { SideWriter } from './side-writer.ts';
export { type NodeRow, Store, pinColumns } from './store.ts';
export { folded } from './text-query.ts';
export { type FoundNode, TextSearch } from './text-search.ts';
export { TypoSearch } from './typo-search.ts';
