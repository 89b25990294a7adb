export { type DataFolder, openDataFolder } from './data-folder.ts';
export {
  type GraphCounts,
  type NodeRow,
  type Side,
  Store,
  type UserSave,
  ensureDatabase,
  isEmpty,
  openDatabaseReadOnly,
  readCounts,
} from './database/index.ts';
export { DataError, type DataErrorCode, messageOf } from './errors.ts';
export * from './analysis/index.ts';
export * from './graphology/index.ts';
export * from './import/index.ts';
export * from './samples/index.ts';
export * from './snapshot/index.ts';
export * from './splits/index.ts';
