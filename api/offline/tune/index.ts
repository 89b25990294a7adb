export { estimateSeconds } from './estimate-seconds.ts';
export { type SweepPlan, type SweepSplits, planSweep } from './plan-sweep.ts';
export { faultOfSaves, readSweep } from './read-sweep.ts';
export { runSweep } from './run-sweep.ts';
export { type SweepDefinition } from './sweep-definition.ts';
export { type SweepReport, type TrialReport, reportSweep } from './sweep-report.ts';
export { type SweepProgress, countStoredTrials } from './sweep-trials.ts';
