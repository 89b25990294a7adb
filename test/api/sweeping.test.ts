import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type SweepDefinition, reportSweep, runSweep } from '../../api/offline/tune/index.ts';
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
const definition: SweepDefinition = {
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
  /** Runs a sweep. `measured`: the trials measured in this run, as progress names them. */
  const sweep = async (store: TrialStore, swept: SweepDefinition, signal?: AbortSignal) => {
    const measured = new Set<string>();
    const onProgress = ({ what }: { what: string }): void => void measured.add(what);
    const outcome = await runSweep(swept, splits, { store, threads: 1, signal, onProgress });
    return { measured: [...measured], report: reportSweep(swept, outcome) };
  };
  const onTest = ['chosen setting, test part', 'feed, test part'];

  test('runSweep measures again only trials that are not stored or whose inputs changed', async () => {
    using store = openStore();
    const { measured, report } = await sweep(store, definition);
    expect(measured).toEqual(['trial 1 of 3', 'trial 2 of 3', 'trial 3 of 3', ...onTest]);
    const again = await sweep(store, definition);
    expect(again).toEqual({ measured: [], report });
    // These change only the report.
    expect((await sweep(store, { ...definition, resamples: 300 })).measured).toEqual([]);
    expect((await sweep(store, { ...definition, limits: { p99Ms: 1e6 } })).measured).toEqual([]);
    expect((await sweep(store, { ...definition, testUsers: 9 })).measured).toEqual(onTest);
    const more = { ...definition.space[0]!, params: { steps: values(10, 50, 40) } };
    expect((await sweep(store, { ...definition, space: [more] })).measured[0]).toBe('trial 2 of 3');
    for (const change of [
      { metric: 'recall' },
      { k: 6 },
      { queryPins: 2 },
      { users: 21 },
      { randomSeed: 2 },
    ] as const) {
      const { measured: changed } = await sweep(store, { ...definition, ...change });
      expect(changed.slice(0, 3)).toEqual(['trial 1 of 3', 'trial 2 of 3', 'trial 3 of 3']);
    }
    const other = { ...splits, validation: [splitSaves(divided.train, 0.2, 3)] };
    const calls: string[] = [];
    await runSweep(definition, other, { store, threads: 1, onProgress: ({ what }) => calls.push(what) });
    expect(calls[0]).toBe('trial 1 of 3');
  });

  test('an aborted sweep keeps its finished trials, and resumes to the same report', async () => {
    using whole = openStore();
    const { report } = await sweep(whole, definition);
    using store = openStore();
    const controller = new AbortController();
    const onProgress = ({ what, done }: { what: string; done: number }): void => {
      if (what === 'trial 2 of 3' && done > 20) controller.abort();
    };
    const stopped = runSweep(definition, splits, {
      store,
      threads: 1,
      signal: controller.signal,
      onProgress,
    });
    await expect(stopped).rejects.toThrow(/Terminating worker thread|aborted/);
    const { measured, report: resumed } = await sweep(store, definition);
    expect(measured).not.toContain('trial 1 of 3');
    expect(measured).toContain('trial 3 of 3');
    const figures = (one: typeof report): string =>
      JSON.stringify(one, (name, value: unknown) => (name === 'measured' ? undefined : value));
    expect(figures(resumed)).toBe(figures(report));
  });

  test('runSweep measures nothing if the signal is aborted already', async () => {
    using store = openStore();
    await expect(sweep(store, definition, AbortSignal.abort())).rejects.toThrow(/aborted/);
    expect((await sweep(store, definition)).measured[0]).toBe('trial 1 of 3');
  });

  test('reportSweep lists the chosen trial first, and every trial once', async () => {
    using store = openStore();
    const halving = { method: 'halving', trials: 9, eta: 3, usersMin: 2 } as const;
    const space = { ...definition.space[0]!, params: { steps: values(1, 2, 3, 4, 5, 6, 7, 8, 9) } };
    const { report } = await sweep(store, { ...definition, search: halving, space: [space] });
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
