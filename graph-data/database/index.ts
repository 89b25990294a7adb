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
export { type Database, asDataError, openDatabase, openDatabaseReadOnly } from './open-database.ts';
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
