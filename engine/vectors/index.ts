export { nearest } from './nearest.ts';
export { type Vectors, createVectors } from './vectors.ts';
