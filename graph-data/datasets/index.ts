export {
  type DatasetKind,
  type DatasetOptions,
  type FoundDataset,
  datasetForms,
  datasetKinds,
  findDataset,
  minRatingUsual,
} from './find-dataset.ts';
