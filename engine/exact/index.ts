export { type ItemKnnParams, itemKnn, itemKnnParams } from './item-knn.ts';
export { paths, pathsParams } from './paths.ts';
export { type Popularity, popular, popularNow, popularityOf } from './popular.ts';
export { type PprParams, ppr, pprParams } from './ppr.ts';
export { type ExactScratch, createExactScratch } from './scratch.ts';
