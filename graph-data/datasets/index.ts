export {
  type DatasetKind,
  type FoundDataset,
  datasetForms,
  datasetKinds,
  findDataset,
  minRatingDefault,
} from './find-dataset.ts';
