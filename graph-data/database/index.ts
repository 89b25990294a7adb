export {
  type EventKind,
  type EventList,
  type TakeEvent,
  EventWriter,
  changesOf,
  dropEvents,
  eventKinds,
  readEvents,
} from './change-log.ts';
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
export { MultiRowInsert } from './multi-row-insert.ts';
export {
  type Database,
  type StorageFault,
  asDataError,
  ensureDatabase,
  openDatabase,
  openDatabaseReadOnly,
  storageFaultOf,
} from './open-database.ts';
export { PopularPins } from './popular-pins.ts';
export { type ListedSave, SaveLists, type SavePlace, saveListSql } from './save-lists.ts';
export {
  type GraphCounts,
  type NodeRow,
  type Side,
  Store,
  type UserSave,
  isEmpty,
  readCounts,
  readNextIds,
  readPosition,
} from './store.ts';
export { folded } from './text-query.ts';
export { type FoundNode, TextSearch, type WordHit } from './text-search.ts';
