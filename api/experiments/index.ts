export { Experiments } from './experiments.ts';
export { type MetricColumns, readOutcomes } from './outcomes.ts';
export { type LogColumns, readLog } from './read-log.ts';
