import { describe, expect, test } from 'vitest';
import {
  type PinBoardGraph,
  createWalkScratch,
  walkFrom,
  nodeCount,
  nextBelow,
  randomStream,
} from '../../engine/index.ts';
import { graphOf } from '../graphs.ts';
import { goodnessOfFit } from './chi-square.ts';

/** Chi-square tests on independent draws only, with fixed seeds. Each test must also reject a wrong sampler. */
const pMin = 1e-6;
const draws = 200_000;

describe('random numbers', () => {
  test('the chi-square tail is right at tabulated points', () => {
    // Critical values of the chi-square distribution (NIST/SEMATECH e-Handbook, section 1.3.6.7.4).
    expect(goodnessOfFit([50, 50], [0.5, 0.5])).toBe(1);
    const tail = (statistic: number) => goodnessOfFit(countsWith(statistic), Array<number>(11).fill(1 / 11));
    expect(tail(18.307)).toBeCloseTo(0.05, 2);
    expect(tail(29.588)).toBeCloseTo(0.001, 3);
  });

  test('nextBelow is uniform, while the modulo of a few bits is not', () => {
    const limit = 13;
    const random = randomStream(1);
    const fair = Array<number>(limit).fill(0);
    const biased = Array<number>(limit).fill(0);
    for (let i = 0; i < draws; i++) {
      fair[nextBelow(random, limit)]!++;
      biased[nextBelow(random, 256) % limit]!++;
    }
    const shares = Array<number>(limit).fill(1 / limit);
    expect(goodnessOfFit(fair, shares)).toBeGreaterThan(pMin);
    expect(goodnessOfFit(biased, shares)).toBeLessThan(pMin);
  });

  test('neighboring streams are independent, while copies of one stream are not', () => {
    // Pairs of draws in [0, 4) from two streams: 16 equally likely cells.
    const cells = (pair: (i: number) => [number, number]): number[] => {
      const counts = Array<number>(16).fill(0);
      for (let i = 0; i < draws; i++) {
        const [a, b] = pair(i);
        counts[4 * a + b]!++;
      }
      return counts;
    };
    const shares = Array<number>(16).fill(1 / 16);
    for (const [stream, substream] of [
      [0, 1],
      [1, 0],
      [1, 1],
      [0, 64],
    ] as const) {
      const first = randomStream(9, 0, 0);
      const second = randomStream(9, stream, substream);
      const counts = cells(() => [nextBelow(first, 4), nextBelow(second, 4)]);
      expect(goodnessOfFit(counts, shares), `stream ${stream}/${substream}`).toBeGreaterThan(pMin);
    }
    const one = randomStream(9);
    const other = randomStream(9);
    expect(
      goodnessOfFit(
        cells(() => [nextBelow(one, 4), nextBelow(other, 4)]),
        shares,
      ),
    ).toBeLessThan(pMin);
  });

  test('the first draws of consecutive seeds and streams are uniform', () => {
    const counts = Array<number>(32).fill(0);
    const unmixed = Array<number>(32).fill(0);
    for (let i = 0; i < draws; i++) {
      const [seed, stream] = [i % 500, Math.floor(i / 500)];
      counts[nextBelow(randomStream(seed, stream), 32)]!++;
      unmixed[nextBelow({ low: seed, high: stream }, 32)]!++;
    }
    const shares = Array<number>(32).fill(1 / 32);
    expect(goodnessOfFit(counts, shares)).toBeGreaterThan(pMin);
    expect(goodnessOfFit(unmixed, shares)).toBeLessThan(pMin);
  });
});

describe('the walk', () => {
  /** One board with pins 0 to 9: a step draws one of ten pins. */
  const star: PinBoardGraph = graphOf(Array.from({ length: 10 }, (_, pin) => [0, pin] as const));
  const scratch = createWalkScratch();
  const visitsFrom = (graph: PinBoardGraph, restart: number, steps: number, seed: number): number[] => {
    scratch.visits.begin(steps, nodeCount(graph.pinToBoard));
    walkFrom(graph, 0, steps, restart, seed, scratch);
    return Array.from({ length: graph.pinToBoard.slices.length / 2 }, (_, pin) =>
      scratch.visits.visitCountOf(pin),
    );
  };

  test('a walk with restart 1 draws neighbors independently', () => {
    const counts = visitsFrom(star, 1, draws, 2);
    const shares = Array<number>(10).fill(0.1);
    expect(goodnessOfFit(counts, shares)).toBeGreaterThan(pMin);
    // A wrong sampler that never draws the last neighbor is rejected.
    const wrong = [...counts.slice(0, 9).map((count) => count + counts[9]! / 9), 0];
    expect(goodnessOfFit(wrong, shares)).toBeLessThan(pMin);
  });

  test('a walk ends at exactly distributed pins, unless the restart probability is wrong', () => {
    const graph = graphOf([
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 2],
      [2, 3],
      [3, 3],
      [3, 0],
    ]);
    // The last visit of the first walker after 5 of its steps: one independent draw per seed.
    const ends = (restart: number): number[] => {
      const counts = Array<number>(4).fill(0);
      for (let seed = 0; seed < 40_000; seed++) counts[lastVisit(graph, restart, seed)]!++;
      return counts;
    };
    const lastVisit = (of: PinBoardGraph, restart: number, seed: number): number => {
      const before = visitsFrom(of, restart, 64 * 4, seed);
      const after = visitsFrom(of, restart, 64 * 4 + 1, seed);
      return after.findIndex((count, pin) => count > before[pin]!);
    };
    const shares = endShares(0.3);
    expect(goodnessOfFit(ends(0.3), shares)).toBeGreaterThan(pMin);
    expect(goodnessOfFit(ends(0.4), shares)).toBeLessThan(pMin);
  });

  /** On a ring of four pins, a step stays with probability 1/2 and moves to each side with 1/4. After five steps. */
  function endShares(restart: number): number[] {
    let at = [1, 0, 0, 0];
    let visited = at;
    for (let step = 0; step < 5; step++) {
      visited = at.map((_, pin) => at[pin]! / 2 + at[(pin + 1) % 4]! / 4 + at[(pin + 3) % 4]! / 4);
      at = visited.map((share) => share * (1 - restart));
      at[0]! += restart;
    }
    return visited;
  }
});

/** Eleven counts of 1,000 on average whose chi-square statistic is the given one. */
function countsWith(statistic: number): number[] {
  const shift = Math.sqrt((statistic * 1000) / 2);
  return [1000 + shift, 1000 - shift, ...Array<number>(9).fill(1000)];
}
