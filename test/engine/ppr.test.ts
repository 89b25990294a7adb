import fc from 'fast-check';
import { expect, test } from 'vitest';
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
  type QueryCase,
  scoresOf,
  expectSameScores,
  keysOf,
  queryOf,
  someQueries,
  numberIn,
} from '../scores.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { densePpr, densePprOfAll } from '../reference/dense.ts';

/** Copies the scores when they are summed, before those of the query pins are cleared. */
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
const run = ({ graph, query }: QueryCase, params: Partial<PprParams>, scratch = createExactScratch()) =>
  scoresOf((top) => ppr(graph, query, params, scratch, top));

const restarts = numberIn(0.2, 1);
/** 40 pins in a row, each pair of neighbors on a board: mass keeps returning to a pin. */
const chain = graphOf(
  Array.from({ length: 39 }, (_, i) => [i, i] as const).flatMap(
    ([b, p]) =>
      [
        [b, p],
        [b, p + 1],
      ] as const,
  ),
);

test('ppr with a tiny residualMax equals the series over dense matrices', () => {
  fc.assert(
    fc.property(someQueries, restarts, numberIn(-1, 1), (input, restart, z) => {
      const params = { restartProbability: restart, popularityDiscount: z, residualMax: 1e-12 };
      const { stats, scores } = run(input, params);
      const exact = densePpr(input.graph, input.query, restart, z);
      expect(keysOf(exact)).toEqual(expect.arrayContaining(keysOf(scores)));
      for (const [pin, score] of exact) {
        const discount = degreeOf(input.graph.pinToBoard, pin) ** -z;
        expect(Math.abs((scores.get(pin) ?? 0) - score)).toBeLessThan((stats.residual + 1e-14) * discount);
      }
    }),
  );
});

test('ppr with restart 1 is exact up to rounding, without residual', () => {
  fc.assert(
    fc.property(someQueries, (input) => {
      const { stats, scores } = run(input, { restartProbability: 1 });
      expect(scores.size === 0 || stats.residual < 1e-14).toBe(true);
      expectSameScores(scores, densePpr(input.graph, input.query, 1, 0));
    }),
  );
});

test('ppr has no score that is too high, and all together lack exactly the residual', () => {
  fc.assert(
    fc.property(someQueries, restarts, fc.integer({ min: 0, max: 8 }), (input, restart, digits) => {
      const { graph, query } = input;
      const [scratch, residualMax] = [watchedScratch(), 10 ** -digits];
      const { stats } = run(input, { restartProbability: restart, residualMax }, scratch);
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

test('ppr with a smaller residualMax leaves less residual and expands more boards', () => {
  const runs = [1e-2, 1e-4, 1e-6, 1e-8, 1e-10].map(
    (residualMax) => run({ graph: chain, query: queryOf(20) }, { residualMax }).stats,
  );
  for (const [i, { residual, boardsExpanded }] of runs.entries()) {
    expect(residual).toBeLessThanOrEqual(10 ** -(2 * i + 2) * chain.pinToBoard.neighbors.length);
    if (i === 0) continue;
    expect(residual).toBeLessThan(runs[i - 1]!.residual / 10);
    expect(boardsExpanded).toBeGreaterThan(runs[i - 1]!.boardsExpanded);
  }
});

test('ppr bounds the residual of a pin by its degree', () => {
  // Ten boards, each with the hub and a leaf. Half of the mass is scored, so the hub keeps 0.25 and each leaf 0.025.
  const leaves = Array.from({ length: 10 }, (_, board) => board);
  const star = graphOf(leaves.flatMap((board) => [[board, 0] as const, [board, board + 1] as const]));
  const expanded = (residualMax: number): number =>
    run({ graph: star, query: queryOf(0) }, { residualMax }).stats.boardsExpanded;
  // The bound of the hub is ten times that of a leaf: both are within 0.3 and 0.03, neither within 0.249 and 0.0249.
  expect(expanded(0.03)).toBe(10);
  expect(expanded(0.0249)).toBeGreaterThan(10);
  expect(run({ graph: star, query: queryOf(0) }, { residualMax: 0.03 }).stats.residual).toBeCloseTo(0.5, 14);
});

test('ppr with boardsMax reports the truncation and the exact residual', () => {
  fc.assert(
    fc.property(someQueries, fc.integer({ min: 1, max: 20 }), (input, boardsMax) => {
      const scratch = watchedScratch();
      const { stats } = run(input, { boardsMax, restartProbability: 0.3 }, scratch);
      const whole = run(input, { restartProbability: 0.3 }).stats;
      expect(stats.boardsExpanded).toBeLessThanOrEqual(boardsMax);
      expect(stats.isTruncated).toBe(whole.boardsExpanded > boardsMax);
      const exact = densePprOfAll(input.graph, input.query, 0.3);
      if (exact.every((score) => score === 0)) return;
      const lack = exact.reduce((sum, score, pin) => sum + score - (scratch.pins.seen[pin] ?? 0), 0);
      expect(Math.abs(lack - stats.residual)).toBeLessThan(1e-13);
    }),
  );
});

test('ppr of pins without boards has no residual', () => {
  const { stats } = run({ graph: smallGraph, query: queryOf(8) }, {});
  expect(stats).toEqual({ candidates: 0, boardsExpanded: 0, isTruncated: false, residual: 0 });
});

test('ppr stops if boardsMax is reached at the end of a sweep', () => {
  const { stats } = run({ graph: chain, query: queryOf(0) }, { boardsMax: 1 });
  expect(stats).toMatchObject({ boardsExpanded: 1, isTruncated: true });
});

test('ppr gives the same result with a scratch used for other queries', () => {
  const used = createExactScratch();
  for (const pin of [0, 39, 20, 5]) {
    const input = { graph: chain, query: queryOf(pin) };
    const params = { restartProbability: 0.1, residualMax: 1e-9 };
    expect(run(input, params, used)).toEqual(run(input, params));
  }
  const small = { graph: smallGraph, query: queryOf(4) };
  expect(run(small, {}, used)).toEqual(run(small, {}));
});
