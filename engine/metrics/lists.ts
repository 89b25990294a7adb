import { type Adjacency, type PinIndex, neighborsOf } from '../graph/index.ts';
import { type AccuracyMetric, accuracyMetrics, listQuality } from './metrics.ts';

/** What was recommended for some boards. */
export interface RecommendedLists {
  readonly boards: Int32Array;
  readonly k: number;
  /** k pins a board, in the order of `boards`, best first; -1 where there are no more. */
  readonly pins: Int32Array;
}

/** The list of the board at a place: a view without the empty places at its end. */
export function listAt({ k, pins }: RecommendedLists, place: number): Int32Array {
  const whole = pins.subarray(place * k, (place + 1) * k);
  const end = whole.indexOf(-1);
  return end < 0 ? whole : whole.subarray(0, end);
}

/** A value for each of some boards, metric by metric. */
export type AccuracyByBoard = Readonly<Record<AccuracyMetric, Float64Array>>;

/** {@link listQuality} of each list against the held-out pins of its board. O(boards · k + held out). */
export function accuracyOf(lists: RecommendedLists, heldOut: Adjacency): AccuracyByBoard {
  const accuracy = columnsOf(() => new Float64Array(lists.boards.length));
  for (const [i, board] of lists.boards.entries()) {
    const relevant = new Set<PinIndex>(neighborsOf(heldOut, board));
    const quality = listQuality(listAt(lists, i), relevant, lists.k);
    for (const metric of accuracyMetrics) accuracy[metric][i] = quality[metric];
  }
  return accuracy;
}

/** The mean of a column; 0 without values. */
export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return values.length === 0 ? 0 : sum / values.length;
}

/** A value for every accuracy metric. */
export function columnsOf<Value>(of: (metric: AccuracyMetric) => Value): Record<AccuracyMetric, Value> {
  const entries = accuracyMetrics.map((metric) => [metric, of(metric)] as const);
  return Object.fromEntries(entries) as Record<AccuracyMetric, Value>;
}

/** |A ∩ B| / max(|A|, |B|) of two lists without repeats, 0 to 1; two empty lists are alike. O(k). */
export function listOverlap(list: Int32Array, other: Int32Array): number {
  const own = new Set(list);
  const common = other.reduce((hits, pin) => hits + Number(own.has(pin)), 0);
  return own.size + other.length === 0 ? 1 : common / Math.max(own.size, other.length);
}

/**
 * Share of the top k that two seeds have in common: the mean over boards, and over pairs of `answers`, of
 * {@link listOverlap}. Every answer is for the same boards.
 * O(answers² · boards · k).
 */
export function meanOverlap(answers: readonly RecommendedLists[]): number {
  let [sum, count] = [0, 0];
  for (const [i, some] of answers.entries()) {
    for (let place = 0; place < some.boards.length; place++) {
      for (const others of answers.slice(0, i)) {
        sum += listOverlap(listAt(some, place), listAt(others, place));
        count++;
      }
    }
  }
  return count === 0 ? 1 : sum / count;
}
