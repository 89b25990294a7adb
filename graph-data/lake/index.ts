export { type LakeReport, importLake, removeLakeLeftovers } from './import-lake.ts';
