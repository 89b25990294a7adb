import { check } from '../base/index.ts';

/** Largest number of dimensions. */
export const dimsMax = 4096;

/**
 * A vector as int8, its largest coordinate at ±127; its length is lost, which a cosine never sees. Throws `invalid-parameter`
 * (`vector`) for a number of dimensions beyond 4,096, a coordinate that is not finite and a vector of length 0. O(dims).
 */
export function quantized(vector: ArrayLike<number>): Int8Array {
  const dims = vector.length;
  check(dims >= 1 && dims <= dimsMax, 'vector', `has ${dims} dimensions, and may have 1 to ${dimsMax}`);
  let largest = 0;
  for (let i = 0; i < dims; i++) {
    const value = vector[i]!;
    check(Number.isFinite(value), 'vector', `has a coordinate that is not a finite number, at ${i}`);
    largest = Math.max(largest, Math.abs(value));
  }
  check(largest > 0, 'vector', 'has length 0');
  return Int8Array.from({ length: dims }, (_, i) => Math.round(127 * (vector[i]! / largest)));
}

/** 1 / length. */
export function inverseLength(vector: Int8Array | Float32Array): number {
  let sum = 0;
  for (const value of vector) sum += value * value;
  return 1 / Math.sqrt(sum);
}
