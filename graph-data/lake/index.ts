export {
  type LakeOptions,
  type LakeProgress,
  type LakeReport,
  importLake,
  removeLakeLeftovers,
} from './import-lake.ts';
