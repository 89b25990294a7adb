export { AskPool } from './ask-pool.ts';
export { type Answers, type AskOptions, type BoardsOptions, ask, assertUsers, boardsAsked } from './ask.ts';
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
export { type Setting, namedSetting, noSuchSetting, settingNames } from './setting.ts';
export {
  type FieldFault,
  type SavesQuestion,
  type SplitWay,
  savesFields,
  splitFaults,
  tellSplitFaults,
  wayFaults,
} from './saves-question.ts';
export type { Wins } from './wins.ts';
