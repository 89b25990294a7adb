import { check } from '../base/index.ts';
import { sharedFloat32Array } from '../graph/index.ts';
import { type Memory, createMemory, memoryBytesMax } from '../wasm/index.ts';
import { dimsMax, inverseLength } from './quantize.ts';

/** Dense vectors, one after another in a shared array: vector v is `values[v · dims .. (v + 1) · dims)`. */
export interface Vectors {
  readonly dims: number;
  readonly values: Float32Array<SharedArrayBuffer> | Int8Array<SharedArrayBuffer>;
  /** 1 / length of each vector. */
  readonly scales: Float64Array<SharedArrayBuffer>;
  /** Of `values`, from its start on: {@link Dots} multiplies there. Undefined for float32, few vectors and those beyond 4 GB. */
  readonly memory?: Memory | undefined;
}

interface Int8Room extends Pick<Vectors, 'memory'> {
  readonly values: Int8Array<SharedArrayBuffer>;
}

/** A memory takes 64 KB at least, and is not worth it for fewer coordinates. */
const memoryMin = 2 ** 16;

/**
 * Copies vectors into shared memory, as float32 or as int8. An int8 vector has its largest coordinate at ±127; its length
 * is lost, which a cosine never sees. Throws `invalid-parameter` (`dims`; `vectors`, naming the first vector at fault) for
 * lengths that are not a multiple of `dims`, for a coordinate that is not finite and for a vector of length 0.
 * O(coordinates).
 */
export function createVectors(coordinates: Float32Array, dims: number, type: 'float32' | 'int8'): Vectors {
  check(Number.isInteger(dims) && dims >= 1 && dims <= dimsMax, 'dims', `${dims} is not in [1, ${dimsMax}]`);
  const fits = coordinates.length % dims === 0;
  check(fits, 'vectors', `${coordinates.length} coordinates are no multiple of ${dims} dimensions`);
  const count = coordinates.length / dims;
  const room = type === 'int8' ? int8Room(coordinates.length) : undefined;
  const values = room?.values ?? sharedFloat32Array(coordinates.length);
  const scales = new Float64Array(new SharedArrayBuffer(8 * count));
  for (let vector = 0; vector < count; vector++) {
    const given = coordinates.subarray(vector * dims, (vector + 1) * dims);
    const largest = largestOf(given);
    check(largest < Infinity, 'vectors', `vector ${vector} has a coordinate that is not a finite number`);
    check(largest > 0, 'vectors', `vector ${vector} has length 0`);
    const stored = values.subarray(vector * dims, (vector + 1) * dims);
    for (let i = 0; i < dims; i++) {
      stored[i] = type === 'int8' ? Math.round((127 / largest) * given[i]!) : given[i]!;
    }
    scales[vector] = inverseLength(stored);
  }
  return { dims, values, scales, memory: room?.memory };
}

/** Zeroed shared room for int8 vectors of so many coordinates. */
export function int8Room(coordinates: number): Int8Room {
  if (coordinates < memoryMin || coordinates > memoryBytesMax) {
    return { values: new Int8Array(new SharedArrayBuffer(coordinates)) };
  }
  const memory = createMemory(coordinates, true);
  return { values: new Int8Array(memory.buffer as SharedArrayBuffer, 0, coordinates), memory };
}

/** Int8 vectors, one after another in shared memory, of which `memory` is the one that {@link int8Room} gave, with the inverse of their lengths. O(coordinates). */
export function vectorsOf(values: Int8Array<SharedArrayBuffer>, dims: number, memory?: Memory): Vectors {
  const scales = new Float64Array(new SharedArrayBuffer((8 * values.length) / dims));
  for (let vector = 0; vector < scales.length; vector++) {
    scales[vector] = inverseLength(values.subarray(vector * dims, (vector + 1) * dims));
  }
  return { dims, values, scales, memory };
}

/** The largest magnitude; Infinity if a coordinate is not finite. */
function largestOf(vector: Float32Array): number {
  let largest = 0;
  for (const value of vector) {
    if (!Number.isFinite(value)) return Infinity;
    largest = Math.max(largest, Math.abs(value));
  }
  return largest;
}
