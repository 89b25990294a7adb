export { EvaluationPool } from './evaluation-pool.ts';
export {
  type EvaluatedLists,
  type ListOptions,
  type BoardsOptions,
  assertUsers,
  evaluatedBoards,
  recommendLists,
} from './recommend-lists.ts';
export type { ActivityGroup, ActivityIntervals, PopularityGroup } from './by-group.ts';
export type { ReasonGroup } from './calibration.ts';
export { type CompareOptions, type Comparison, type Overlap, compare } from './compare.ts';
export type { Example, ExamplePin } from './compare-examples.ts';
export type { ActivityDifference, PopularityDifference } from './compare-groups.ts';
export {
  type EvaluateOptions,
  type Evaluation,
  type Stability,
  type UserAccuracy,
  evaluateOne,
} from './evaluate-one.ts';
export { type NamedSplits, readNamedSplits, readNestedSplits, readSplits } from './read-splits.ts';
export {
  type DataCounts,
  type Difference,
  type Report,
  type ReportOptions,
  confidence,
  evaluateAll,
} from './report.ts';
export { type NamedSettings, namedSettings } from './named-settings.ts';
export {
  type FieldFault,
  type SplitInput,
  type SplitWay,
  savesFields,
  splitFaults,
  tellSplitFaults,
  wayFaults,
} from './split-input.ts';
export type { Wins } from './wins.ts';
