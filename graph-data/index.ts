export { type DataFolder, openDataFolder } from './data-folder.ts';
export {
  type FoundNode,
  type GraphCounts,
  type ListedSave,
  type NodeRow,
  PopularPins,
  SaveLists,
  type SavePlace,
  type Side,
  Store,
  TextSearch,
  type UserSave,
  type WordHit,
  folded,
  isEmpty,
  openDatabaseReadOnly,
  readCounts,
  readPosition,
} from './database/index.ts';
export { DataError, type DataErrorCode, messageOf } from './errors.ts';
export * from './analysis/index.ts';
export * from './graphology/index.ts';
export * from './import/index.ts';
export * from './samples/index.ts';
export * from './snapshot/index.ts';
export * from './splits/index.ts';
