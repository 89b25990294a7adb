export { lsa } from './lsa.ts';
export { NearestRows } from './nearest-rows.ts';
export { TermCounter } from './term-counter.ts';
export type { SparseRow, SparseRows } from './sparse-rows.ts';
export { tfIdf } from './term-rows.ts';
export { tfIdfRow } from './tf-idf-row.ts';
export { hasUnspaced, tokenize } from './tokenize.ts';
