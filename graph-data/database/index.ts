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
export {
  type Database,
  asDataError,
  ensureDatabase,
  openDatabase,
  openDatabaseReadOnly,
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
  readPosition,
} from './store.ts';
export { folded } from './text-query.ts';
export { type FoundNode, TextSearch, type WordHit } from './text-search.ts';
