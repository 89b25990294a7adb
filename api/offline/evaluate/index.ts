export { EvaluationPool } from './evaluation-pool.ts';
export {
  type ListOptions,
  assertUsers,
  evaluatedBoards,
  recommendLists,
  recommendListsOf,
} from './recommend-lists.ts';
export { type OfflineModels, modelState, namesModel, offlineModels } from './offline-models.ts';
export { sample } from './sample.ts';
export type { ReasonGroup } from './calibration.ts';
export { type Comparison, compare } from './compare.ts';
export type { Example, ExamplePin } from './compare-examples.ts';
export { type Evaluation, evaluateOne } from './evaluate-one.ts';
export { readNamedSplits, readNestedSplits } from './read-splits.ts';
export {
  type Detectable,
  type Difference,
  type Report,
  confidence,
  detectableOf,
  evaluateAll,
  measureAll,
} from './report.ts';
export { tiesText } from './ties-text.ts';
export { type NamedSettings, contentFaultOf, namedSettings } from './named-settings.ts';
export {
  type FieldFault,
  type SplitInput,
  type SplitName,
  addSplitFaults,
  savesFields,
  splitFaults,
  splitOptionFaults,
} from './split-input.ts';
export { qrelLines, runLines } from './trec-lines.ts';
export { type UserResults, listsTable, perUserTable } from './user-tables.ts';
