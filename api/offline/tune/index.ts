export { faultOfSaves, readSweep } from './read-sweep.ts';
export {
  type SweepPlan,
  type SweepProgress,
  type SweepSplits,
  keptTrials,
  planSweep,
  runSweep,
} from './run-sweep.ts';
export { type SweepDefinition } from './sweep-definition.ts';
export { type SweepReport, type TriedSetting, reportSweep } from './sweep-report.ts';
