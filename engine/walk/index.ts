export { type FeatureBias, type Features, boardFeaturesOf, sortByFeature } from './biased-walk.ts';
export type { StepListener } from './interleaved-walk.ts';
export {
  checkPixieParams,
  pixie,
  pixieDefaults,
  type PixieOptions,
  type PixieStats,
  type Target,
  walkFrom,
} from './pixie.ts';
export { type PixieParams, pixieParams, stepsMax } from './pixie-params.ts';
export { type WalkScratch, createWalkScratch } from './scratch.ts';
export { pinDegreeMax, shareSteps, weighByPaper, weighByPower } from './step-shares.ts';
export { VisitTable } from './visit-table.ts';
export { walkersPerPin } from './walker-list.ts';
