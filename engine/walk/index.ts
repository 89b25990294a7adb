export { type WalkScratch, createWalkScratch, interleavedWalk, walkerCount } from './interleaved-walk.ts';
export {
  type PixieParams,
  type PixieQuery,
  type PixieStats,
  pixie,
  pixieDefaults,
  shareSteps,
  stepsMax,
} from './pixie.ts';
export { VisitTable } from './visit-table.ts';
