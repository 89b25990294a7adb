export { type Interval, percentileInterval, resampledMeans } from './bootstrap.ts';
export { type DegreeBin, degreeBins, doublingRange } from './degree-bins.ts';
export { detectableEffect } from './detectable-effect.ts';
export {
  type GroupCounts,
  type Range,
  countByGroup,
  notSaved,
  popularityThirds,
  quantileRanges,
} from './groups.ts';
export {
  type AccuracyByBoard,
  type RecommendedLists,
  accuracyOf,
  columnsOf,
  listAt,
  listOverlap,
  meanOf,
  meanOverlap,
  standardError,
} from './lists.ts';
export { type AccuracyMetric, accuracyMetrics } from './list-quality.ts';
export { normalInterval, z95 } from './normal.ts';
export { holm, pairedPValue } from './paired-test.ts';
export { type RecommendedPins, diversityByBoards, recommendedPins, savedCount } from './recommended-pins.ts';
