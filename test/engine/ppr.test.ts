import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ExactScratch,
  type PprParams,
  createExactScratch,
  degreeOf,
  nodeCount,
  ppr,
} from '../../engine/index.ts';
import { SparseVector } from '../../engine/sparse/index.ts';
import {
  type Asked,
  answerOf,
  expectSameScores,
  keysOf,
  queryOf,
  someQueries,
  numberIn,
} from '../answers.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { densePpr, densePprOfAll } from '../reference/dense.ts';

/** Remembers the scores of all pins at the time they are summed: the query's own are wiped afterwards. */
class Watched extends SparseVector {
  seen: number[] = [];
  override sum(): number {
    this.seen = [...this.values];
    return super.sum();
  }
}
const watchedScratch = (): ExactScratch & { readonly pins: Watched } => ({
  ...createExactScratch(),
  pins: new Watched(),
});
const ask = ({ graph, query }: Asked, params: Partial<PprParams>, scratch = createExactScratch()) =>
  answerOf((top) => ppr(graph, query, params, scratch, top));

const restarts = numberIn(0.2, 1);
/** 40 pins in a row, each pair of neighbors on a board: mass comes back to a pin again and again. */
const chain = graphOf(
  Array.from({ length: 39 }, (_, i) => [i, i] as const).flatMap(
    ([b, p]) =>
      [
        [b, p],
        [b, p + 1],
      ] as const,
  ),
);

describe('ppr', () => {
  test('pushed to the end, is the series over full matrices', () => {
    fc.assert(
      fc.property(someQueries, restarts, numberIn(-1, 1), (asked, restart, z) => {
        const params = { restartProbability: restart, popularityDiscount: z, residualMax: 1e-12 };
        const { stats, scores } = ask(asked, params);
        const exact = densePpr(asked.graph, asked.query, restart, z);
        expect(keysOf(exact)).toEqual(expect.arrayContaining(keysOf(scores)));
        for (const [pin, score] of exact) {
          const discount = degreeOf(asked.graph.pinToBoard, pin) ** -z;
          expect(Math.abs((scores.get(pin) ?? 0) - score)).toBeLessThan((stats.residual + 1e-14) * discount);
        }
      }),
    );
  });

  test('with restart 1 is exact to rounding: nothing is left to push', () => {
    fc.assert(
      fc.property(someQueries, (asked) => {
        const { stats, scores } = ask(asked, { restartProbability: 1 });
        expect(scores.size === 0 || stats.residual < 1e-14).toBe(true);
        expectSameScores(scores, densePpr(asked.graph, asked.query, 1, 0));
      }),
    );
  });

  test('no score is too high, and all together lack just the residual', () => {
    fc.assert(
      fc.property(someQueries, restarts, fc.integer({ min: 0, max: 8 }), (asked, restart, digits) => {
        const { graph, query } = asked;
        const [scratch, residualMax] = [watchedScratch(), 10 ** -digits];
        const { stats } = ask(asked, { restartProbability: restart, residualMax }, scratch);
        const exact = densePprOfAll(graph, query, restart);
        if (exact.every((score) => score === 0)) return;
        const lacks = exact.map((score, pin) => score - (scratch.pins.seen[pin] ?? 0));
        for (const lack of lacks) expect(lack).toBeGreaterThan(-1e-14);
        expect(Math.abs(lacks.reduce((sum, lack) => sum + Math.abs(lack), 0) - stats.residual)).toBeLessThan(
          1e-13,
        );
        for (let pin = 0; pin < nodeCount(graph.pinToBoard); pin++) {
          const bound = residualMax * degreeOf(graph.pinToBoard, pin);
          expect(scratch.residuals.values[pin]).toBeLessThanOrEqual(bound);
        }
      }),
    );
  });

  test('less residual is allowed, less is left, for more work', () => {
    const runs = [1e-2, 1e-4, 1e-6, 1e-8, 1e-10].map(
      (residualMax) => ask({ graph: chain, query: queryOf(20) }, { residualMax }).stats,
    );
    for (const [i, { residual, boardsExpanded }] of runs.entries()) {
      expect(residual).toBeLessThanOrEqual(10 ** -(2 * i + 2) * chain.pinToBoard.neighbors.length);
      if (i === 0) continue;
      expect(residual).toBeLessThan(runs[i - 1]!.residual / 10);
      expect(boardsExpanded).toBeGreaterThan(runs[i - 1]!.boardsExpanded);
    }
  });

  test('a hub keeps a residual that a pin of one board would push on', () => {
    // Ten boards of the hub and a leaf each. Half of the mass scores, so the hub keeps 0.25 and each leaf 0.025.
    const leaves = Array.from({ length: 10 }, (_, board) => board);
    const star = graphOf(leaves.flatMap((board) => [[board, 0] as const, [board, board + 1] as const]));
    const expanded = (residualMax: number): number =>
      ask({ graph: star, query: queryOf(0) }, { residualMax }).stats.boardsExpanded;
    // The hub's bound is ten times a leaf's: 0.3 and 0.03 hold both, 0.249 and 0.0249 neither.
    expect(expanded(0.03)).toBe(10);
    expect(expanded(0.0249)).toBeGreaterThan(10);
    expect(ask({ graph: star, query: queryOf(0) }, { residualMax: 0.03 }).stats.residual).toBeCloseTo(
      0.5,
      14,
    );
  });

  test('boardsMax bounds the work and is told, and the residual still tells what is missing', () => {
    fc.assert(
      fc.property(someQueries, fc.integer({ min: 1, max: 20 }), (asked, boardsMax) => {
        const scratch = watchedScratch();
        const { stats } = ask(asked, { boardsMax, restartProbability: 0.3 }, scratch);
        const whole = ask(asked, { restartProbability: 0.3 }).stats;
        expect(stats.boardsExpanded).toBeLessThanOrEqual(boardsMax);
        expect(stats.isTruncated).toBe(whole.boardsExpanded > boardsMax);
        const exact = densePprOfAll(asked.graph, asked.query, 0.3);
        if (exact.every((score) => score === 0)) return;
        const lack = exact.reduce((sum, score, pin) => sum + score - (scratch.pins.seen[pin] ?? 0), 0);
        expect(Math.abs(lack - stats.residual)).toBeLessThan(1e-13);
      }),
    );
  });

  test('of pins without boards lacks nothing: there is nothing to score', () => {
    const { stats } = ask({ graph: smallGraph, query: queryOf(8) }, {});
    expect(stats).toEqual({ candidates: 0, boardsExpanded: 0, isTruncated: false, residual: 0 });
  });

  test('boards that run out at the end of a sweep end the pushing', () => {
    const { stats } = ask({ graph: chain, query: queryOf(0) }, { boardsMax: 1 });
    expect(stats).toMatchObject({ boardsExpanded: 1, isTruncated: true });
  });

  test('a scratch that served other queries answers as a fresh one', () => {
    const used = createExactScratch();
    for (const pin of [0, 39, 20, 5]) {
      const asked = { graph: chain, query: queryOf(pin) };
      const params = { restartProbability: 0.1, residualMax: 1e-9 };
      expect(ask(asked, params, used)).toEqual(ask(asked, params));
    }
    const small = { graph: smallGraph, query: queryOf(4) };
    expect(ask(small, {}, used)).toEqual(ask(small, {}));
  });
});
