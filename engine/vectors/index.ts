export { Dots } from './dots.ts';
export { nearest } from './nearest.ts';
export { nearestTo } from './nearest-to.ts';
export { dimsMax, quantized } from './quantize.ts';
export { type Vectors, createVectors, int8Room, vectorsOf } from './vectors.ts';
