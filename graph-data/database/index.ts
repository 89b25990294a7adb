export {
  type Database,
  asDataError,
  ensureDatabase,
  openDatabase,
  openDatabaseReadOnly,
} from './open-database.ts';
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
