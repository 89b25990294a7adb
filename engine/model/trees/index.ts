export { type Bins, binOf, binRows, fitBins } from './bins.ts';
export { Booster } from './booster.ts';
export type { BoostParams } from './boost-params.ts';
export { TreeContributions } from './contributions.ts';
export { ForestColumns } from './forest-columns.ts';
export { type Forest, forestLogOdds, leafOf } from './forest.ts';
export { forestFromLightGbm } from './lightgbm-text.ts';
export { type Objective, logLoss, pairwiseLoss } from './objectives.ts';
