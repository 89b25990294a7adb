export { type ItemKnnParams, itemKnn, itemKnnParams } from './item-knn.ts';
export { type ExactStats, type PathsParams, paths, pathsParams } from './paths.ts';
export { type Popularity, popular, popularNow, popularityFrom, popularityOf } from './popular.ts';
export { type PprParams, type PprStats, ppr, pprParams } from './ppr.ts';
export { type ExactScratch, createExactScratch } from './scratch.ts';
