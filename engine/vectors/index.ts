export { nearest } from './nearest.ts';
export { createVectors } from './vectors.ts';
