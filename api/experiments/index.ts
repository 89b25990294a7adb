export { Experiments } from './experiments.ts';
export { type MetricColumns, readOutcomes } from './outcomes.ts';
export { type LogColumns, readLog } from './read-log.ts';
export { reportBody } from './report-body.ts';
export { stateOf } from './prepared.ts';
export { type OwnLog, readOwnLog } from './read-own-log.ts';
