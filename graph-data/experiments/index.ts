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
