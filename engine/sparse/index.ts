export { clip, clipped } from './clip.ts';
export { NodeFilter } from './node-filter.ts';
export { PowerTable } from './power-table.ts';
export { SparseSums } from './sparse-sums.ts';
export { SparseVector } from './sparse-vector.ts';
export { sumOf } from './sum-of.ts';
