export type { Effect } from './effect.ts';
export { Moments, type Outcome } from './moments.ts';
export { type ArmOutcomes, type ExperimentReport, reportExperiment } from './report.ts';
export { sampleRatioAlarm } from './sample-ratio.ts';
export { verdictOf } from './verdict.ts';
