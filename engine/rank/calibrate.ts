import { check } from '../base/index.ts';
import type { PinCommunities } from './diversify.ts';
import type { ScoredPin } from './top-pins.ts';

/** Share of the wanted distribution that is mixed into a list's own, so that the divergence stays finite. */
const smoothing = 0.01;

/**
 * How far the topics of a list of `size` pins are from those wanted: KL(p ‖ q) in nats, from 0, with p the wanted shares, q those
 * of the list by `counts`, smoothed by 1 % of p, so at most ln 100. O(topics).
 */
function divergence(
  wanted: ReadonlyMap<number, number>,
  countOf: (topic: number) => number,
  size: number,
): number {
  let sum = 0;
  for (const [topic, share] of wanted) {
    sum += share * Math.log(share / (((1 - smoothing) * countOf(topic)) / size + smoothing * share));
  }
  return sum;
}

/** The topic of a pin: its coarsest community; -1 for a pin newer than the communities. */
function topicsOf({ levels, pinCount, pins }: PinCommunities): (pin: number) => number {
  return (pin) => (pin < pinCount ? pins[(levels - 1) * pinCount + pin]! : -1);
}

/** Weights of the pins by topic, with sum 1. */
function topicShares(
  { pins, weights }: { readonly pins: readonly number[]; readonly weights: readonly number[] },
  topicOf: (pin: number) => number,
): Map<number, number> {
  const shares = new Map<number, number>();
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, pin] of pins.entries()) {
    const topic = topicOf(pin);
    shares.set(topic, (shares.get(topic) ?? 0) + weights[i]! / total);
  }
  return shares;
}

/**
 * How far the topics of a list are from those of the query's pins (Steck's miscalibration, without its other smoothing): the
 * divergence that {@link calibrate} makes small, 0 to ln 100; 0 without communities, ln 100 for an empty list. O(list + query).
 */
export function miscalibration(
  list: readonly number[],
  query: { readonly pins: readonly number[]; readonly weights: readonly number[] },
  communities: PinCommunities,
): number {
  if (communities.levels === 0) return 0;
  const topicOf = topicsOf(communities);
  const counts = new Map<number, number>();
  for (const pin of list) counts.set(topicOf(pin), (counts.get(topicOf(pin)) ?? 0) + 1);
  return divergence(topicShares(query, topicOf), (topic) => counts.get(topic) ?? 0, list.length || 1);
}

/**
 * Reranks `ranked` (best first) so that its topics come in the shares that they have in the query, and returns the first `k`
 * (Steck, "Calibrated recommendations", RecSys 2018, doi:10.1145/3240323.3240372). Topics are the coarsest communities. The next
 * pin is always the one with the largest
 *
 *     (1 − calibration) · (sum of score / |best score|) − calibration · KL(p ‖ q)
 *
 * where p are the weights of the query's pins by topic, q those of the list with the pin, each 1, smoothed by 1 % of p. Pins
 * without a topic, such as those newer than the communities, count as one topic. Ties keep the order. Among pins of one topic the best is
 * first, so only one of each is looked at: O(ranked + k · topics²). Throws `invalid-parameter` unless `calibration` is in [0, 1].
 */
export function calibrate(
  ranked: readonly ScoredPin[],
  k: number,
  calibration: number,
  query: { readonly pins: readonly number[]; readonly weights: readonly number[] },
  communities: PinCommunities,
): ScoredPin[] {
  check(calibration >= 0 && calibration <= 1, 'calibration', `${calibration} is not in [0, 1]`);
  if (calibration === 0 || communities.levels === 0) return ranked.slice(0, k);
  const topicOf = topicsOf(communities);
  const wanted = topicShares(query, topicOf);
  const best = Math.abs(ranked[0]?.score ?? 1) || 1;
  const queues = new Map<number, { rank: number; scored: ScoredPin }[]>();
  for (const [rank, scored] of ranked.entries()) {
    const topic = topicOf(scored.pin);
    const queue = queues.get(topic);
    if (queue === undefined) queues.set(topic, [{ rank, scored }]);
    else queue.push({ rank, scored });
  }
  const counts = new Map<number, number>();
  const divergenceWith = (added: number, size: number): number =>
    divergence(wanted, (topic) => (counts.get(topic) ?? 0) + Number(topic === added), size);
  const selected: ScoredPin[] = [];
  const heads = new Map([...queues.keys()].map((topic) => [topic, 0]));
  while (selected.length < Math.min(k, ranked.length)) {
    let [next, largest, rankOfNext] = [0, -Infinity, Infinity];
    const unwanted = divergenceWith(NaN, selected.length + 1);
    for (const [topic, head] of heads) {
      const first = queues.get(topic)![head];
      if (first === undefined) continue;
      const kl = wanted.has(topic) ? divergenceWith(topic, selected.length + 1) : unwanted;
      const gain = ((1 - calibration) * first.scored.score) / best - calibration * kl;
      if (gain > largest || (gain === largest && first.rank < rankOfNext)) {
        [next, largest, rankOfNext] = [topic, gain, first.rank];
      }
    }
    selected.push(queues.get(next)![heads.get(next)!]!.scored);
    heads.set(next, heads.get(next)! + 1);
    counts.set(next, (counts.get(next) ?? 0) + 1);
  }
  return selected;
}
