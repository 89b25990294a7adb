import { describe, expect, test } from 'vitest';
import {
  Engine,
  TopPins,
  accuracyMetrics,
  linearBuildParams,
  meanOf,
  neighborsOf,
  nextBelow,
  randomStream,
  resolveParams,
  resolvePipeline,
  settingsOf,
  splitFolds,
  splitSaves,
} from '../../engine/index.ts';
import { evaluatedBoards, evaluateAll, evaluateOne } from '../../api/offline/evaluate/index.ts';
import { computeLinear } from '../../graph-data/index.ts';
import { graphOf } from '../graphs.ts';

/** 40 boards of some eight of 50 pins, at least three. */
const stream = randomStream(7);
const pairs = new Set(Array.from({ length: 320 }, (_, i) => `${i % 40}/${nextBelow(stream, 50)}`));
const graph = graphOf(
  [...pairs].map((pair) => pair.split('/').map(Number) as [number, number]),
  50,
);
const paths = { name: 'paths', algorithm: 'paths' as const, params: {} };
const options = { k: 5, randomSeed: 1, threads: 1, queryPins: Infinity };

test('evaluateOne refuses levers that need the texts of pins, since splits contain only saves', async () => {
  const splits = [splitSaves(graph, 0.2, 1)];
  for (const [param, value] of [
    ['virtualWeight', 2],
    ['fadeSaves', 3],
  ] as const) {
    const given = { ...paths, params: { [param]: value } };
    await expect(evaluateOne(splits, given, options)).rejects.toThrow(`${param}: needs what pins say`);
  }
  await evaluateOne(splits, { ...paths, params: { virtualWeight: 0, fadeSaves: 3 } }, options);
  // Resolved settings name every lever.
  await evaluateOne(splits, { name: 'paths', ...settingsOf(resolvePipeline(paths)) }, options);
});

describe('folds', () => {
  test('folds give each user the mean over the folds that query the user, and count every held-out save once', async () => {
    const splits = splitFolds(graph, 3, 1);
    const whole = await evaluateOne(splits, paths, options);
    const parts = await Promise.all(splits.map((split) => evaluateOne([split], paths, options)));
    for (const metric of accuracyMetrics) {
      for (const [i, board] of whole.perUser.boards.entries()) {
        const values = parts.flatMap(({ perUser: { boards, accuracy } }) =>
          boards.includes(board) ? [accuracy[metric][boards.indexOf(board)]!] : [],
        );
        expect(whole.perUser.accuracy[metric][i]).toBeCloseTo(meanOf(Float64Array.from(values)), 14);
      }
      expect(whole.evaluation[metric]).toBe(meanOf(whole.perUser.accuracy[metric]));
    }
    const queried = new Set(parts.flatMap(({ perUser }) => [...perUser.boards]));
    expect(new Set(whole.perUser.boards)).toEqual(queried);
    const coverages = Float64Array.from(parts, ({ evaluation }) => evaluation.coverage);
    expect(whole.evaluation.coverage).toBe(meanOf(coverages));
    expect(whole.evaluation.recall).toBeGreaterThan(0);
    // Every save is held out once, since every board has enough for all three folds.
    const toFind = whole.evaluation.byPopularity.reduce((sum, { heldOut }) => sum + heldOut, 0);
    const queries = evaluatedBoards(splits, options).reduce((sum, boards) => sum + boards.length, 0);
    expect(toFind).toBe(pairs.size);
    expect(queries).toBe(queried.size * 3);
  });
});

test('linear is evaluated with item weights of the train part, computed by the parameters given', async () => {
  const split = splitSaves(graph, 0.3, 2);
  const linear = { name: 'linear', algorithm: 'linear' as const, params: { backfill: false } };
  const run = async (ridge: number, threads = 1) =>
    (await evaluateOne([split], linear, { ...options, threads, linear: { ridge } })).lists[0]!.pins;
  const lists = await run(5);
  expect(await run(5, 2)).toEqual(lists);
  expect(await run(500)).not.toEqual(lists);
  const weights = await computeLinear(split.train, resolveParams(linearBuildParams, { ridge: 5 }));
  const top = new TopPins(5);
  const [board] = evaluatedBoards([split], options)[0]!;
  const pins = [...neighborsOf(split.train.boardToPin, board!)];
  const query = { pins, weights: pins.map(() => 1) };
  new Engine(split.train).recommend('linear', query, {}, 1, top, undefined, { linear: weights });
  expect([...lists.subarray(0, 5)]).toEqual(top.drain().map(({ pin }) => pin));
});

describe('groups and comparisons', () => {
  const split = splitSaves(graph, 0.3, 2);

  test('groups of users add up to all users', async () => {
    const { evaluation } = await evaluateOne([split], paths, options);
    const { users, byActivity, byPopularity, recall } = evaluation;
    expect(byActivity.reduce((sum, group) => sum + group.users, 0)).toBe(users);
    expect(byActivity.reduce((sum, group) => sum + group.users * group.recall, 0) / users).toBeCloseTo(
      recall,
      12,
    );
    expect(byPopularity.reduce((sum, group) => sum + group.recommended, 0)).toBeCloseTo(1, 12);
  });

  test('differences are those of the means, with intervals that change sign in the other order', async () => {
    const settings = (['paths', 'popular'] as const).map((name) => ({ name, algorithm: name, params: {} }));
    const how = { ...options, resamples: 500 };
    const [one, other] = [
      await evaluateAll([split], settings, how),
      await evaluateAll([split], settings.toReversed(), how),
    ];
    for (const [i, { metric, mean, interval, p, pHolm }] of one.differences.entries()) {
      const [a, b] = one.results;
      expect(mean).toBeCloseTo(a![metric] - b![metric], 12);
      expect(interval.low).toBeLessThanOrEqual(mean + 1e-12);
      expect(interval.high).toBeGreaterThanOrEqual(mean - 1e-12);
      expect(pHolm).toBeGreaterThanOrEqual(p);
      const reversed = other.differences[i]!;
      expect([reversed.a, reversed.b, reversed.p]).toEqual(['popular', 'paths', p]);
      expect(reversed.interval.low).toBeCloseTo(-interval.high, 12);
    }
    for (const { intervals, ...result } of one.results) {
      for (const metric of accuracyMetrics) {
        expect(intervals[metric].low).toBeLessThanOrEqual(result[metric] + 1e-12);
        expect(intervals[metric].high).toBeGreaterThanOrEqual(result[metric] - 1e-12);
      }
    }
  });

  test('usersMax draws that many users at random, the same in every fold', () => {
    const folds = splitFolds(graph, 3, 1);
    const all = evaluatedBoards(folds, options);
    const drawn = evaluatedBoards(folds, { ...options, usersMax: 7 });
    expect(new Set(drawn.flatMap((boards) => [...boards])).size).toBe(7);
    for (const [i, boards] of drawn.entries())
      expect([...boards].every((board) => all[i]!.includes(board))).toBe(true);
    expect(evaluatedBoards(folds, { ...options, usersMax: 7, randomSeed: 2 })).not.toEqual(drawn);
  });
});
