export {
  type ActivationOptions,
  activateSnapshot,
  assertSimilar,
  moveTo,
  overlapMin,
  rollbackSnapshot,
} from './activate.ts';
export { type PointerMark, activeVersion, pinnedVersion, pointTo, pointerMark } from './active-pointer.ts';
export type { BuildOptions, BuildProgress, SavesInMemory } from './build-options.ts';
export { type BuildReport, buildSnapshot, discardUnfinished } from './build-snapshot.ts';
export { listSnapshots, loadActiveSnapshot } from './catalog.ts';
export { compareSnapshots } from './compare.ts';
export { dropSnapshots, pruneSnapshots } from './delete-snapshots.ts';
export { estimateBuild } from './estimate.ts';
export { type LoadOptions, type LoadedSnapshot, loadSnapshot } from './load-snapshot.ts';
export { communityTopics } from './prune.ts';
export { formatVersion as snapshotFormat } from './format.ts';
export { contentOfBuild, linearOfBuild, positionOf } from './read-header.ts';
export { snapshotFile } from './snapshot-file.ts';
export { verifySnapshot } from './verify-snapshot.ts';
