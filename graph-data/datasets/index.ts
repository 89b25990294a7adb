export {
  type DatasetKind,
  type FoundDataset,
  datasetForms,
  datasetKinds,
  findDataset,
  minRatingUsual,
} from './find-dataset.ts';
