import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type SweepDefinition, reportSweep, runSweep } from '../../api/index.ts';
import { nextBelow, randomStream, splitSaves } from '../../engine/index.ts';
import { TrialStore } from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { graphOf } from '../graphs.ts';

/** 60 boards of some eight of 50 pins. */
const stream = randomStream(7);
const pairs = new Set(Array.from({ length: 480 }, (_, i) => `${i % 60}/${nextBelow(stream, 50)}`));
const graph = graphOf(
  [...pairs].map((pair) => pair.split('/').map(Number) as [number, number]),
  50,
);
const divided = splitSaves(graph, 0.2, 1);
const splits = { test: divided, validation: [splitSaves(divided.train, 0.2, 2)] };
const values = (...some: number[]) => ({ kind: 'values', values: some }) as const;
const question: SweepDefinition = {
  saves: {},
  validation: {},
  search: { method: 'grid' },
  space: [{ name: 'pixie', algorithm: 'pixie', base: {}, params: { steps: values(10, 20, 40) } }],
  baseline: { name: 'feed', algorithm: 'pixie', params: { steps: 30 } },
  metric: 'ndcg',
  k: 5,
  queryPins: Infinity,
  users: 20,
  randomSeed: 1,
  resamples: 200,
  limits: {},
};

describe('runSweep', () => {
  const openStore = (): TrialStore => TrialStore.open(path.join(temporaryFolder(), 'results.db'));
  /** What is asked anew, in the words of its progress. */
  const askedAnew = async (store: TrialStore, asked: SweepDefinition, signal?: AbortSignal) => {
    const told = new Set<string>();
    const onProgress = ({ what }: { what: string }): void => void told.add(what);
    const outcome = await runSweep(asked, splits, { store, threads: 1, signal, onProgress });
    return { told: [...told], report: reportSweep(asked, outcome) };
  };
  const onTest = ['the chosen one, test part', 'feed, test part'];

  test('asks anew only what is not kept, and that is all that it depends on', async () => {
    using store = openStore();
    const { told, report } = await askedAnew(store, question);
    expect(told).toEqual(['trial 1 of 3', 'trial 2 of 3', 'trial 3 of 3', ...onTest]);
    const again = await askedAnew(store, question);
    expect(again).toEqual({ told: [], report });
    // What only the report depends on.
    expect((await askedAnew(store, { ...question, resamples: 300 })).told).toEqual([]);
    expect((await askedAnew(store, { ...question, limits: { p99Ms: 1e6 } })).told).toEqual([]);
    expect((await askedAnew(store, { ...question, testUsers: 9 })).told).toEqual(onTest);
    const more = { ...question.space[0]!, params: { steps: values(10, 50, 40) } };
    expect((await askedAnew(store, { ...question, space: [more] })).told[0]).toBe('trial 2 of 3');
    for (const change of [
      { metric: 'recall' },
      { k: 6 },
      { queryPins: 2 },
      { users: 21 },
      { randomSeed: 2 },
    ] as const) {
      const { told: changed } = await askedAnew(store, { ...question, ...change });
      expect(changed.slice(0, 3)).toEqual(['trial 1 of 3', 'trial 2 of 3', 'trial 3 of 3']);
    }
    const other = { ...splits, validation: [splitSaves(divided.train, 0.2, 3)] };
    const calls: string[] = [];
    await runSweep(question, other, { store, threads: 1, onProgress: ({ what }) => calls.push(what) });
    expect(calls[0]).toBe('trial 1 of 3');
  });

  test('stopped in the middle keeps what is done, and goes on to the same report', async () => {
    using whole = openStore();
    const { report } = await askedAnew(whole, question);
    using store = openStore();
    const controller = new AbortController();
    const onProgress = ({ what, done }: { what: string; done: number }): void => {
      if (what === 'trial 2 of 3' && done > 20) controller.abort();
    };
    const stopped = runSweep(question, splits, { store, threads: 1, signal: controller.signal, onProgress });
    await expect(stopped).rejects.toThrow(/Terminating worker thread|aborted/);
    const { told, report: resumed } = await askedAnew(store, question);
    expect(told).not.toContain('trial 1 of 3');
    expect(told).toContain('trial 3 of 3');
    const figures = (one: typeof report): string =>
      JSON.stringify(one, (name, value: unknown) => (name === 'measured' ? undefined : value));
    expect(figures(resumed)).toBe(figures(report));
  });

  test('a signal that has come before asks nothing', async () => {
    using store = openStore();
    await expect(askedAnew(store, question, AbortSignal.abort())).rejects.toThrow(/aborted/);
    expect((await askedAnew(store, question)).told[0]).toBe('trial 1 of 3');
  });

  test('what is chosen comes first of the trials, and all of them are told once', async () => {
    using store = openStore();
    const halving = { method: 'halving', trials: 9, eta: 3, usersMin: 2 } as const;
    const space = { ...question.space[0]!, params: { steps: values(1, 2, 3, 4, 5, 6, 7, 8, 9) } };
    const { report } = await askedAnew(store, { ...question, search: halving, space: [space] });
    const { trials, chosen, rungs } = report;
    expect(trials[0]!.trial).toBe(chosen!.trial);
    expect(trials.map(({ trial }) => trial).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const [i, { settings }] of rungs.entries()) {
      expect(trials.filter(({ rung }) => rung > i)).toHaveLength(settings);
    }
    for (const [i, { rung, figures }] of trials.entries()) {
      const next = trials[i + 1];
      if (next?.rung === rung) expect(figures.ndcg).toBeGreaterThanOrEqual(next.figures.ndcg);
    }
  });
});
