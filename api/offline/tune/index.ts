export { faultOfSaves, readSweep } from './read-sweep.ts';
export {
  type Figures,
  type SweepOutcome,
  type SweepPlan,
  type SweepProgress,
  type SweepSplits,
  keptTrials,
  planSweep,
  runSweep,
} from './run-sweep.ts';
export { type SweepDefinition, sweepFields, trialsMax } from './sweep-definition.ts';
export type { SearchMethod } from './sweep-settings.ts';
export { type MeasuredTimes, type SweepReport, type TriedSetting, reportSweep } from './sweep-report.ts';
