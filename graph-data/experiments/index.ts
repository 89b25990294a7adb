export {
  type Experiment,
  type ExperimentArm,
  armFields,
  armLabel,
  armsMax,
  experimentFields,
  experimentId,
} from './experiment.ts';
export { experimentsFile, readExperiments, writeExperiments } from './experiment-file.ts';
export { type ServedReport, experimentReport } from './experiment-report.ts';
