import { check } from '../base/index.ts';
import type { PinCommunities } from './diversify.ts';
import type { ScoredPin } from './top-pins.ts';

/** Share of the wanted distribution that is mixed into a list's own, so that the divergence stays finite. */
const smoothing = 0.01;

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
  { levels, pinCount, pins }: PinCommunities,
): ScoredPin[] {
  check(calibration >= 0 && calibration <= 1, 'calibration', `${calibration} is not in [0, 1]`);
  if (calibration === 0 || levels === 0) return ranked.slice(0, k);
  const topicOf = (pin: number): number => (pin < pinCount ? pins[(levels - 1) * pinCount + pin]! : -1);
  const wanted = new Map<number, number>();
  const total = query.weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, pin] of query.pins.entries()) {
    const topic = topicOf(pin);
    wanted.set(topic, (wanted.get(topic) ?? 0) + query.weights[i]! / total);
  }
  const best = Math.abs(ranked[0]?.score ?? 1) || 1;
  const queues = new Map<number, { rank: number; scored: ScoredPin }[]>();
  for (const [rank, scored] of ranked.entries()) {
    const topic = topicOf(scored.pin);
    const queue = queues.get(topic);
    if (queue === undefined) queues.set(topic, [{ rank, scored }]);
    else queue.push({ rank, scored });
  }
  const counts = new Map<number, number>();
  const divergence = (added: number, size: number): number => {
    let sum = 0;
    for (const [topic, share] of wanted) {
      const own = ((counts.get(topic) ?? 0) + Number(topic === added)) / size;
      sum += share * Math.log(share / ((1 - smoothing) * own + smoothing * share));
    }
    return sum;
  };
  const selected: ScoredPin[] = [];
  const heads = new Map([...queues.keys()].map((topic) => [topic, 0]));
  while (selected.length < Math.min(k, ranked.length)) {
    let [next, largest, rankOfNext] = [0, -Infinity, Infinity];
    const unwanted = divergence(NaN, selected.length + 1);
    for (const [topic, head] of heads) {
      const first = queues.get(topic)![head];
      if (first === undefined) continue;
      const kl = wanted.has(topic) ? divergence(topic, selected.length + 1) : unwanted;
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
