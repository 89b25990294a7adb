import { type PinBoardGraph, nodeCount, sharedFloat32Array, sharedInt32Array } from '../graph/index.ts';
import type { LinearBuildParams } from './linear-params.ts';
import type { Regression } from './regression.ts';

/** Item weights by source pin: the weight of q for `pins[e]` is `weights[e]`, e in [starts[q], starts[q + 1]). */
export interface WeightLists {
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** Ascending for each source. */
  readonly pins: Int32Array<SharedArrayBuffer>;
  readonly weights: Float32Array<SharedArrayBuffer>;
}

/** Weights by the pin that they predict, `neighborsMax` slots each: threads fill ranges of pins side by side. */
export interface LinearColumns {
  readonly counts: Int32Array<SharedArrayBuffer>;
  readonly neighbors: Int32Array<SharedArrayBuffer>;
  readonly weights: Float32Array<SharedArrayBuffer>;
}

/** Empty columns: 8 · `neighborsMax` + 4 bytes per pin. */
export function linearColumns(
  { pinToBoard }: PinBoardGraph,
  { neighborsMax }: LinearBuildParams,
): LinearColumns {
  const pinCount = nodeCount(pinToBoard);
  return {
    counts: sharedInt32Array(pinCount),
    neighbors: sharedInt32Array(pinCount * neighborsMax),
    weights: sharedFloat32Array(pinCount * neighborsMax),
  };
}

/** Fills the columns of the pins in [from, to). Each depends on the graph alone, so ranges may run in any order. */
export function fillColumns(
  regression: Regression,
  { neighborsMax }: LinearBuildParams,
  columns: LinearColumns,
  from: number,
  to: number,
): void {
  for (let pin = from; pin < to; pin++) {
    const count = regression.run(pin);
    columns.counts[pin] = count;
    columns.neighbors.set(regression.neighbors.subarray(0, count), pin * neighborsMax);
    columns.weights.set(regression.weights.subarray(0, count), pin * neighborsMax);
  }
}

/** The columns by source pin. O(weights); as much memory as the columns. */
export function weightsBySource({ counts, neighbors, weights }: LinearColumns): WeightLists {
  const pinCount = counts.length;
  const slots = pinCount === 0 ? 0 : neighbors.length / pinCount;
  const starts = sharedInt32Array(pinCount + 1);
  for (let pin = 0; pin < pinCount; pin++) {
    const end = pin * slots + counts[pin]!;
    for (let at = pin * slots; at < end; at++) starts[neighbors[at]! + 1]!++;
  }
  for (let pin = 0; pin < pinCount; pin++) starts[pin + 1]! += starts[pin]!;
  const total = starts[pinCount]!;
  const bySource = { starts, pins: sharedInt32Array(total), weights: sharedFloat32Array(total) };
  const ends = Int32Array.from(starts);
  for (let pin = 0; pin < pinCount; pin++) {
    const end = pin * slots + counts[pin]!;
    for (let at = pin * slots; at < end; at++) {
      const place = ends[neighbors[at]!]!++;
      bySource.pins[place] = pin;
      bySource.weights[place] = weights[at]!;
    }
  }
  return bySource;
}
