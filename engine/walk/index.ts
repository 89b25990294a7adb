export { type FeatureBias, type Features, boardFeaturesOf, sortByFeature } from './biased-walk.ts';
export type { OnStep } from './interleaved-walk.ts';
export { pixie, pixieDefaults, type PixieOptions, type PixieStats, walkFrom } from './pixie.ts';
export { type PixieParams, type Target, checkPixieParams, pixieParams, stepsMax } from './pixie-params.ts';
export { type WalkScratch, createWalkScratch } from './scratch.ts';
export { pinDegreeMax, shareSteps, weighByPaper, weighByPower } from './step-shares.ts';
export { VisitTable } from './visit-table.ts';
export { walkersPerPin } from './walker-list.ts';
