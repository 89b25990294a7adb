import {
  Engine,
  type PinBoardGraph,
  type PinIndex,
  TopPins,
  degreeOf,
  nextBelow,
  nodeCount,
  presets,
  randomStream,
  resolvePipeline,
} from '../../engine/index.ts';

export interface CompareOptions {
  /** Pins to sample, default 100. */
  readonly pins?: number | undefined;
  /** Recommendations of each, default 50. */
  readonly limit?: number | undefined;
  /** Default 1. */
  readonly randomSeed?: number | undefined;
}

/**
 * How much of what one graph recommends another one recommends too, 0 to 1: the share of the old top 50 that is in
 * the new top 50, by the preset `related`, as the mean over 100 pins. Those are drawn from the pins that both graphs
 * have with boards, by their number of boards in the old one. A pin index has to mean the same pin in both: that
 * holds for all snapshots of one database.
 *
 * 0 when the graphs share no pin; undefined when the old graph recommends nothing for any of the sampled pins, so
 * that there is nothing to be unlike. O(pins) and 200 walks, some 0.5 s.
 */
export function compareSnapshots(
  old: PinBoardGraph,
  next: PinBoardGraph,
  { pins = 100, limit = 50, randomSeed = 1 }: CompareOptions = {},
): number | undefined {
  const sample = samplePins(old, next, pins, randomSeed);
  if (sample.length === 0) return 0;
  const [before, after] = [new Engine(old), new Engine(next)];
  const top = new TopPins(limit);
  let [shares, answered] = [0, 0];
  for (const pin of sample) {
    const expected = relatedPins(before, pin, randomSeed, top);
    if (expected.length === 0) continue;
    const found = new Set(relatedPins(after, pin, randomSeed, top));
    shares += expected.filter((each) => found.has(each)).length / expected.length;
    answered++;
  }
  return answered === 0 ? undefined : shares / answered;
}

function relatedPins(engine: Engine, pin: PinIndex, randomSeed: number, top: TopPins): PinIndex[] {
  const { algorithm, params } = resolvePipeline(presets.related).candidates;
  engine.recommend(algorithm, { pins: [pin], weights: [1] }, params, randomSeed, top);
  return top.drain().map((each) => each.pin);
}

/** Up to `count` pins, none twice, those with many boards more often. */
function samplePins(
  old: PinBoardGraph,
  next: PinBoardGraph,
  count: number,
  randomSeed: number,
): readonly PinIndex[] {
  const shared: PinIndex[] = [];
  // Where the boards of each shared pin end, when those of all are laid in a row.
  const ends: number[] = [];
  let end = 0;
  const pinCount = Math.min(nodeCount(old.pinToBoard), nodeCount(next.pinToBoard));
  for (let pin = 0; pin < pinCount; pin++) {
    const degree = degreeOf(old.pinToBoard, pin);
    if (degree === 0 || degreeOf(next.pinToBoard, pin) === 0) continue;
    shared.push(pin);
    ends.push((end += degree));
  }
  if (shared.length <= count) return shared;
  const sample = new Set<PinIndex>();
  const stream = randomStream(randomSeed);
  // A few hubs can be drawn time and again: then the sample is smaller.
  for (let draw = 0; draw < 10 * count && sample.size < count; draw++) {
    sample.add(shared[firstAbove(ends, nextBelow(stream, end))]!);
  }
  return [...sample];
}

/** The place of the first of the ascending values that is above the given one. */
function firstAbove(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
