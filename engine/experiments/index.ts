export { type Effect, compareArms } from './effect.ts';
export { Moments, type Outcome } from './moments.ts';
export { type ArmOutcomes, type ExperimentReport, reportExperiment } from './report.ts';
export { sampleRatioAlarm, sampleRatioPValue } from './sample-ratio.ts';
export { verdictOf } from './verdict.ts';
