import { type Adjacency, type PinIndex, neighborsOf } from '../graph/index.ts';
import { type AccuracyMetric, accuracyMetrics, listQuality } from './list-quality.ts';

/** Recommendations for some boards. */
export interface RecommendedLists {
  readonly boards: Int32Array;
  readonly k: number;
  /** k pins per board, in the order of `boards`, best first, padded with -1. */
  readonly pins: Int32Array;
}

/** The list of `boards[i]`, without padding. A view. */
export function listAt({ k, pins }: RecommendedLists, i: number): Int32Array {
  const padded = pins.subarray(i * k, (i + 1) * k);
  const end = padded.indexOf(-1);
  return end < 0 ? padded : padded.subarray(0, end);
}

/** For every metric, one value per board. */
export type AccuracyByBoard = Readonly<Record<AccuracyMetric, Float64Array>>;

/** {@link listQuality} of each list against the held-out pins of its board. O(boards · k + held-out saves). */
export function accuracyOf(lists: RecommendedLists, heldOut: Adjacency): AccuracyByBoard {
  const accuracy = columnsOf(() => new Float64Array(lists.boards.length));
  for (const [i, board] of lists.boards.entries()) {
    const relevant = new Set<PinIndex>(neighborsOf(heldOut, board));
    const quality = listQuality(listAt(lists, i), relevant, lists.k);
    for (const metric of accuracyMetrics) accuracy[metric][i] = quality[metric];
  }
  return accuracy;
}

/** The mean of a column; 0 if it is empty. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
}

/** The standard error of the mean of a column; infinite for fewer than two values. */
export function standardError(values: Float64Array): number {
  const mean = meanOf(values);
  const squares = values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return values.length < 2 ? Infinity : Math.sqrt(squares / (values.length - 1) / values.length);
}

/** A record with one value per accuracy metric. */
export function columnsOf<Value>(of: (metric: AccuracyMetric) => Value): Record<AccuracyMetric, Value> {
  const entries = accuracyMetrics.map((metric) => [metric, of(metric)] as const);
  return Object.fromEntries(entries) as Record<AccuracyMetric, Value>;
}

/** |A ∩ B| / max(|A|, |B|) of two lists without duplicates, in [0, 1]; 1 for two empty lists. O(k). */
export function listOverlap(list: Int32Array, other: Int32Array): number {
  const own = new Set(list);
  const common = other.reduce((hits, pin) => hits + Number(own.has(pin)), 0);
  return own.size + other.length === 0 ? 1 : common / Math.max(own.size, other.length);
}

/**
 * Stability of the recommendations under the random seed: the mean {@link listOverlap} over all boards and all pairs of
 * runs. All runs are for the same boards. 1 if there is no pair. O(runs² · boards · k).
 */
export function meanOverlap(runs: readonly RecommendedLists[]): number {
  let [sum, count] = [0, 0];
  for (const [i, run] of runs.entries()) {
    for (let board = 0; board < run.boards.length; board++) {
      for (const other of runs.slice(0, i)) {
        sum += listOverlap(listAt(run, board), listAt(other, board));
        count++;
      }
    }
  }
  return count === 0 ? 1 : sum / count;
}
