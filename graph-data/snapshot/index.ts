export { type BuildOptions, type BuildProgress, analysisSavesMax } from './analyse.ts';
export { type BuildReport, buildSnapshot, discardUnfinished } from './build-snapshot.ts';
export { type CompareOptions, compareSnapshots } from './compare.ts';
export {
  type Activation,
  type SnapshotEntry,
  activateSnapshot,
  activeVersion,
  assertLike,
  dropSnapshots,
  listSnapshots,
  loadActiveSnapshot,
  overlapMin,
  pointTo,
  pointerMark,
  pruneSnapshots,
  rollbackSnapshot,
  snapshotFile,
} from './catalog.ts';
export type { Analysis, SnapshotPruning } from './format.ts';
export { type Estimate, estimateBuild } from './estimate.ts';
export { communityTopics } from './prune.ts';
export { type LoadOptions, type LoadedSnapshot, loadSnapshot, positionOf } from './load-snapshot.ts';
