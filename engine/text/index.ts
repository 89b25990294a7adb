export { lsa } from './lsa.ts';
export { NearestRows } from './nearest-rows.ts';
export { type SparseRows, tfIdf } from './term-rows.ts';
export { tokenize } from './tokenize.ts';
