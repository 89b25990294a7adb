export { clip, clipped } from './clip.ts';
export { PowerTable } from './power-table.ts';
export { SparseVector } from './sparse-vector.ts';
export { sumOf } from './sum-of.ts';
