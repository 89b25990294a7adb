import { type PinBoardGraph, type PinIndex, degreeOf, nodeCount } from '../../engine/graph/index.ts';
import { Engine, presets, resolvePipeline } from '../../engine/pipeline/index.ts';
import { nextBelow, randomStream } from '../../engine/random/index.ts';
import { TopPins } from '../../engine/rank/index.ts';

/** Number of pins to sample, and of recommendations for each. */
const [samplePinsMax, limit] = [100, 50];

/**
 * The overlap of the recommendations of two graphs, 0 to 1: the share of the old top 50 that is in the new top 50, by
 * the preset `related`, averaged over 100 pins. The pins are drawn from those with boards in both graphs, with
 * probability proportional to their number of boards in the old one. A pin index must denote the same pin in both
 * graphs, as it does in all snapshots of one database.
 *
 * Returns 0 if the graphs share no pin, and undefined if the old graph recommends nothing for any sampled pin. Calls `rest` before each
 * pin. O(pins) plus 200 walks, about 0.1 s.
 */
export function compareSnapshots(
  old: PinBoardGraph,
  next: PinBoardGraph,
  { randomSeed = 1, rest }: { readonly randomSeed?: number; readonly rest?: () => void } = {},
): number | undefined {
  const sample = samplePins(old, next, randomSeed);
  if (sample.length === 0) return 0;
  const [before, after] = [new Engine(old), new Engine(next)];
  const top = new TopPins(limit);
  let [shareSum, compared] = [0, 0];
  for (const pin of sample) {
    rest?.();
    const expected = relatedPins(before, pin, randomSeed, top);
    if (expected.length === 0) continue;
    const found = new Set(relatedPins(after, pin, randomSeed, top));
    shareSum += expected.filter((each) => found.has(each)).length / expected.length;
    compared++;
  }
  return compared === 0 ? undefined : shareSum / compared;
}

function relatedPins(engine: Engine, pin: PinIndex, randomSeed: number, top: TopPins): PinIndex[] {
  const { algorithm, params } = resolvePipeline(presets.related).candidates;
  engine.recommend(algorithm, { pins: [pin], weights: [1] }, params, randomSeed, top);
  return top.drain().map((each) => each.pin);
}

/** Up to {@link samplePinsMax} pins, none twice, those with many boards more often. */
function samplePins(old: PinBoardGraph, next: PinBoardGraph, randomSeed: number): readonly PinIndex[] {
  const shared: PinIndex[] = [];
  // Cumulative degrees of the shared pins.
  const ends: number[] = [];
  let end = 0;
  const pinCount = Math.min(nodeCount(old.pinToBoard), nodeCount(next.pinToBoard));
  for (let pin = 0; pin < pinCount; pin++) {
    const degree = degreeOf(old.pinToBoard, pin);
    if (degree === 0 || degreeOf(next.pinToBoard, pin) === 0) continue;
    shared.push(pin);
    ends.push((end += degree));
  }
  if (shared.length <= samplePinsMax) return shared;
  const sample = new Set<PinIndex>();
  const stream = randomStream(randomSeed);
  // The same few hubs may be drawn repeatedly; the sample is smaller then.
  for (let draw = 0; draw < 10 * samplePinsMax && sample.size < samplePinsMax; draw++) {
    sample.add(shared[firstAbove(ends, nextBelow(stream, end))]!);
  }
  return [...sample];
}

/** Index of the first of the ascending values that is greater than `value`. */
function firstAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
