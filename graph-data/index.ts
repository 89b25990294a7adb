export {
  type Database,
  DatabaseFile,
  type ChangeKind,
  type GraphCounts,
  type KeyRow,
  type KeyScope,
  type FoundNode,
  type ListedSave,
  type NodeRow,
  PopularPins,
  SaveLists,
  type SavePosition,
  type StorageFault,
  Store,
  TextSearch,
  TypoSearch,
  createKey,
  hashSecret,
  folded,
  ensureDatabase,
  isStorageError,
  modeForOthers,
  openDatabaseReadOnly,
  parseKey,
  readCounts,
  readKeys,
  revokeKey,
  readPosition,
} from './database/index.ts';
export { communityLevels } from './communities.ts';
export * from './backup/index.ts';
export * from './changes/index.ts';
export * from './base/index.ts';
// Types alone: their code is loaded with the first campaign.
export type * from './campaigns/index.ts';
export type * from './campaigns/reports/index.ts';
export * from './analysis/index.ts';
export * from './content/index.ts';
export * from './content/importers/index.ts';
export * from './datasets/index.ts';
export * from './engagement/index.ts';
export * from './experiments/index.ts';
export * from './export/index.ts';
export * from './graphology/index.ts';
export * from './import/index.ts';
export * from './interactions/index.ts';
export * from './interests/index.ts';
export * from './lake/index.ts';
export * from './linear/index.ts';
export * from './models/index.ts';
export * from './notifications/index.ts';
export * from './presets/index.ts';
export * from './samples/index.ts';
export * from './search-index/index.ts';
export * from './snapshot/index.ts';
export * from './splits/index.ts';
export * from './table-files/index.ts';
export * from './topics/index.ts';
export * from './trials/index.ts';
export * from './writing/index.ts';
