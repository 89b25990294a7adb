import { describe, expect, test } from 'vitest';
import { type Report, evaluateAll, namedSettings } from '../../api/offline/evaluate/index.ts';
import {
  Engine,
  TopPins,
  degreeBins,
  degreeOf,
  doublingRange,
  neighborsOf,
  nodeCount,
  resolvePipeline,
} from '../../engine/index.ts';
import { graphOf } from '../graphs.ts';
import { tastes } from '../splits.ts';

const k = 6;
const split = tastes();
const setting = namedSettings('feed-exact')!;
const evaluated = (threads: number, reasons?: boolean): Promise<Report> =>
  evaluateAll([split], [setting], {
    k,
    randomSeed: 1,
    threads,
    queryPins: Infinity,
    resamples: 300,
    reasons,
  });

/** Pins and hits by the first number of each strength, counted board by board. */
function counted(): Map<number, { pins: number; hits: number }> {
  const engine = new Engine(split.train);
  const { boardToPin } = split.train;
  const pinsOf = Array.from({ length: nodeCount(boardToPin) }, (_, board) => [
    ...neighborsOf(boardToPin, board),
  ]);
  const groups = new Map<number, { pins: number; hits: number }>();
  for (const [board, known] of pinsOf.entries()) {
    if (known.length === 0 || degreeOf(split.heldOut, board) === 0) continue;
    const top = new TopPins(k);
    const params = resolvePipeline(setting).candidates.params;
    engine.recommend('paths', { pins: known, weights: known.map(() => 1) }, params, 1, top);
    for (const { pin } of top.drain()) {
      const shared = known.map(
        (own) => pinsOf.filter((pins) => pins.includes(own) && pins.includes(pin)).length,
      );
      const named = shared.toSorted((a, b) => b - a).slice(0, 3);
      const { from } = doublingRange(named.reduce((sum, boards) => sum + boards, 0));
      const group = groups.get(from) ?? { pins: 0, hits: 0 };
      groups.set(from, group);
      group.pins++;
      group.hits += Number(neighborsOf(split.heldOut, board).includes(pin));
    }
  }
  return groups;
}

describe('hit rates of reasons', () => {
  test('evaluate reports the hit rate of reasons by strength as counted from the graph', async () => {
    const { reasons = [] } = (await evaluated(1, true)).results[0]!;
    const groups = counted();
    expect(groups.size).toBeGreaterThan(2);
    expect(reasons.map(({ strength }) => strength.from)).toEqual(
      [...groups.keys()].toSorted((a, b) => a - b),
    );
    for (const { strength, pins, hits, share, interval } of reasons) {
      expect({ pins, hits }).toEqual(groups.get(strength.from));
      expect(share).toBeCloseTo(hits / pins, 12);
      expect(interval.low).toBeLessThanOrEqual(share);
      expect(interval.high).toBeGreaterThanOrEqual(share);
    }
  });
  test('hit rates of reasons do not depend on threads, and are measured only on request', async () => {
    const [one, two, without] = [await evaluated(1, true), await evaluated(2, true), await evaluated(1)];
    expect(two.results[0]!.reasons).toEqual(one.results[0]!.reasons);
    expect(without.results[0]).not.toHaveProperty('reasons');
    expect(without.results[0]!.recall).toBe(one.results[0]!.recall);
  });
});

describe('degrees', () => {
  test('doublingRange returns ranges of powers of two', () => {
    expect([0, 1, 2, 3, 4, 7, 8, 1023, 1024].map((count) => doublingRange(count).from)).toEqual([
      0, 1, 2, 2, 4, 4, 8, 512, 1024,
    ]);
    expect(doublingRange(5)).toEqual({ from: 4, to: 7 });
  });
  test('degreeBins counts nodes by degree, without those of degree 0', () => {
    const graph = graphOf(
      [
        [0, 0],
        [0, 1],
        [0, 2],
        [1, 0],
      ],
      5,
    );
    expect(degreeBins(graph.boardToPin)).toEqual([
      { degrees: { from: 1, to: 1 }, nodes: 1 },
      { degrees: { from: 2, to: 3 }, nodes: 1 },
    ]);
    expect(degreeBins(graph.pinToBoard)).toEqual([
      { degrees: { from: 1, to: 1 }, nodes: 2 },
      { degrees: { from: 2, to: 3 }, nodes: 1 },
    ]);
  });
});
