import { type Params, Engine, TopPins, buildGraph, sharedInt32Array } from '../../../engine/index.ts';
import type { EngagementSet, History } from './read.ts';

/** Of the walk; not tuned. */
const walk: Params = { x: 0.8, y: 0.5, z: 0.3 };

/** By impression: how near the pin is to what the person watched before, by the exact limit of the walk. */
interface WalkScores {
  /** Logarithm of the mean score from pins watched long, and of the largest. */
  readonly long: Float64Array;
  readonly nearest: Float64Array;
  /** Logarithm of the mean score from all watched pins; and how much more that of those watched long is. */
  readonly watched: Float64Array;
  readonly ratio: Float64Array;
}

/**
 * Scores on the graph of videos watched before the log, from all that the person had watched before the impression: a video of
 * the log counts once it has been watched to its end. `arrivals`: when that was.
 */
export function walkScores(set: EngagementSet, arrivals: Float64Array): WalkScores {
  const long = similarities(set, 'longWatched');
  const watched = similarities(set, 'watched');
  const query = (kind: keyof History): number[][] =>
    Array.from({ length: set.userCount }, (_, user) => [...(set.history[user]?.[kind] ?? [])]);
  const [longOf, watchedOf] = [query('longWatched'), query('watched')];
  const byArrival = Int32Array.from(arrivals, (_, i) => i).toSorted((i, j) => arrivals[i]! - arrivals[j]! || i - j); // prettier-ignore
  const column = (): Float64Array => new Float64Array(set.count).fill(NaN);
  const scores = { long: column(), nearest: column(), watched: column(), ratio: column() };
  let next = 0;
  for (let row = 0; row < set.count; row++) {
    for (; next < set.count && arrivals[byArrival[next]!]! < set.times[row]!; next++) {
      const seen = byArrival[next]!;
      watchedOf[set.user[seen]!]!.push(set.pin[seen]!);
      if (set.columns['long_view']![seen]! > 0) longOf[set.user[seen]!]!.push(set.pin[seen]!);
    }
    const [pin, fromLong, fromWatched] = [set.pin[row]!, longOf[set.user[row]!]!, watchedOf[set.user[row]!]!];
    const [meanLong, nearest] = meanAndMax(long, fromLong, pin, set.pinCount);
    const [meanWatched] = meanAndMax(watched, fromWatched, pin, set.pinCount);
    scores.long[row] = Math.log(1e-7 + meanLong);
    scores.nearest[row] = Math.log(1e-7 + nearest);
    scores.watched[row] = Math.log(1e-7 + meanWatched);
    scores.ratio[row] = Math.log((1e-6 + meanLong) / (1e-6 + meanWatched));
  }
  return scores;
}

/** NaN for a person who watched nothing. */
function meanAndMax(
  rows: Float32Array,
  from: readonly number[],
  pin: number,
  width: number,
): [number, number] {
  // prettier-ignore
  let [sum, max] = [0, 0];
  for (const each of from) {
    const score = rows[each * width + pin]!;
    sum += score;
    if (score > max) max = score;
  }
  return from.length === 0 ? [NaN, NaN] : [sum / from.length, max];
}

/** By query pin: the scores of all pins. */
function similarities({ history, pinCount, userCount }: EngagementSet, kind: keyof History): Float32Array {
  const [boards, pins]: [number[], number[]] = [[], []];
  for (const [user, watched] of history.entries()) {
    for (const pin of new Set(watched?.[kind])) {
      boards.push(user);
      pins.push(pin);
    }
  }
  const boardToUser = sharedInt32Array(userCount);
  for (let user = 0; user < userCount; user++) boardToUser[user] = user;
  const graph = buildGraph({ boards: Int32Array.from(boards), pins: Int32Array.from(pins), pinCount, boardToUser, userCount }); // prettier-ignore
  const engine = new Engine(graph);
  const rows = new Float32Array(pinCount * pinCount);
  for (const query of new Set(pins)) {
    const top = new TopPins(pinCount);
    engine.recommend('paths', { pins: [query], weights: [1] }, walk, 1, top);
    for (const { pin, score } of top.drain()) rows[query * pinCount + pin] = score;
  }
  return rows;
}
