export { type BuildOptions, type BuildProgress, analysisSavesMax } from './analyse.ts';
export { type BuildReport, buildSnapshot } from './build-snapshot.ts';
export {
  type SnapshotEntry,
  activateSnapshot,
  activeVersion,
  listSnapshots,
  loadActiveSnapshot,
  pruneSnapshots,
  rollbackSnapshot,
  snapshotFile,
} from './catalog.ts';
export type { Analysis, SnapshotPruning } from './format.ts';
export { type Estimate, estimateBuild } from './estimate.ts';
export { communityTopics } from './prune.ts';
export { type LoadedSnapshot, loadSnapshot } from './load-snapshot.ts';
