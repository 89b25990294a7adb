import { describe, expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  type EngagementOptions,
  type Interaction,
  InteractionWriter,
  activateSnapshot,
  buildSnapshot,
  engagementGroups,
  engagementReport,
} from '../../graph-data/index.ts';
import { countsOf, recount } from '../../scripts/bench/engagement/recount.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const first = Date.UTC(2026, 9, 25) / dayMs;
const days = 12;
const defaults: EngagementOptions = {
  from: first,
  to: first + days - 1,
  by: 'surface',
  windowHours: 24,
  touch: 'last',
  dedupe: 'impression',
};

/** Impressions and actions, in no order, across a month's end: many at the same time, and of names that JavaScript has too. */
function log(seed: number, count: number): Interaction[] {
  const random = randomStream(seed);
  const pick = <Value>(values: readonly Value[]): Value => values[nextBelow(random, values.length)]!;
  return Array.from({ length: count }, (_, i): Interaction => {
    const isImpression = nextUnit(random) < 0.6;
    const at = first * dayMs + nextBelow(random, days * 24) * hourMs + nextBelow(random, 3);
    return {
      id: `${seed}-${i}`,
      kind: isImpression ? 'impression' : pick(['click', 'save', '__proto__', 'constructor']),
      user: `u${nextBelow(random, 12)}`,
      pin: isImpression || nextUnit(random) < 0.95 ? `p${nextBelow(random, 8)}` : undefined,
      at,
      recommendationId: nextUnit(random) < 0.6 ? `r${nextBelow(random, 40)}` : undefined,
      surface: pick(['feed', 'related', undefined]),
      pipeline: pick(['fresh', undefined]),
      arm: pick(['a', 'b', undefined]),
      rank: isImpression ? pick([undefined, 1, 2, 3, 50, 51, 400]) : undefined,
      value: isImpression ? undefined : pick([undefined, 0.5, 2]),
    };
  });
}

function write(folder: DataFolder, rows: readonly Interaction[]): void {
  const writer = new InteractionWriter(folder, 1_000);
  writer.apply([{ rows, time: 0 }]);
  writer.close();
}

/** Of pins in the graph of {@link folderWithGraph}: 3, 2 and 1 saves, and 2, 2 and 1. */
const communities = { p0: 'p0', p1: 'p0', p2: 'p0', p3: 'p3', p4: 'p3', p5: 'p3' };
const popularity = { p2: '1', p5: '1', p1: '4', p3: '4', p4: '4', p0: '9' };

async function folderWithGraph(): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  const saves = [
    'a1 p0',
    'a1 p1',
    'a1 p2',
    'a2 p0',
    'a2 p1',
    'a3 p0',
    'b1 p3',
    'b1 p4',
    'b1 p5',
    'b2 p3',
    'b2 p4',
  ];
  await importSaves(
    folder,
    saves.map((save) => `ann ${save}`),
  );
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  return folder;
}

describe('a report of engagement', () => {
  test.each(engagementGroups)(
    'counts by %s as plain SQL does, for each rule, also after late rows',
    async (by) => {
      const folder = await folderWithGraph();
      const classes = Object.entries(by === 'community' ? communities : popularity);
      write(folder, log(1, 2_000));
      const variants = [
        { ...defaults, by },
        { ...defaults, by, windowHours: 5, touch: 'all' as const },
        { ...defaults, by, windowHours: 72, from: first + 4, to: first + 8 },
      ];
      for (const options of variants) {
        const report = engagementReport(folder, options);
        expect(countsOf(report)).toEqual(recount(folder, options, { classes }));
        expect(report.rows.length).toBeGreaterThan(1);
        expect(engagementReport(folder, options)).toEqual({ ...report, daysCounted: 0 });
      }
      // Late: an action of a day long past, with the impression after it.
      write(folder, [
        { id: 'late', kind: 'click', user: 'u1', pin: 'new', at: (first + 3) * dayMs + 5 },
        { id: 'later', kind: 'impression', user: 'u1', pin: 'new', at: (first + 3) * dayMs, surface: 'feed' },
      ]);
      for (const options of variants)
        expect(countsOf(engagementReport(folder, options))).toEqual(recount(folder, options, { classes }));
    },
  );

  test('counts by popularity anew after a build, and not by rank', async () => {
    const folder = await folderWithGraph();
    write(folder, log(1, 500));
    for (const by of ['rank', 'popularity'] as const) engagementReport(folder, { ...defaults, by });
    await importSaves(folder, ['cem c1 p7', 'cem c2 p7', 'cem c3 p7', 'cem c4 p7', 'cem c5 p7']);
    activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version, { force: true });
    const [byRank, anew] = (['rank', 'popularity'] as const).map((by) =>
      engagementReport(folder, { ...defaults, by }),
    );
    expect([byRank!.daysCounted, anew!.daysCounted]).toEqual([0, days]);
    expect(anew!.rows.map(({ group }) => group)).toEqual(['1', '3', '8', '9', null]);
  });

  test('rates by rank have their ratio to that of the first rank', () => {
    const folder = temporaryDataFolder();
    write(folder, log(4, 4_000));
    const { rows } = engagementReport(folder, { ...defaults, by: 'rank' });
    const clicks = rows.map(({ actions }) => actions.find(({ kind }) => kind === 'click')!);
    expect(clicks[0]!.ofFirstRank).toEqual({ ratio: 1, low: 1, high: 1 });
    const { rate, ofFirstRank: second } = clicks[1]!;
    expect(second!.ratio).toBeCloseTo(rate / clicks[0]!.rate, 12);
    expect(second!.low).toBeLessThan(second!.ratio);
    expect(second!.high).toBeGreaterThan(second!.ratio);
    const { rows: bySurface } = engagementReport(folder, defaults);
    expect(bySurface[0]!.actions[0]!.ofFirstRank).toBeUndefined();
  });

  test('counts only the days around late rows anew', () => {
    const folder = temporaryDataFolder();
    write(folder, log(2, 2_000));
    expect(engagementReport(folder, defaults).daysCounted).toBe(days);
    write(folder, [{ kind: 'click', user: 'u1', pin: 'p1', at: (first + 6) * dayMs }]);
    expect(engagementReport(folder, defaults).daysCounted).toBe(5);
    expect(countsOf(engagementReport(folder, defaults))).toEqual(recount(folder, defaults));
  });

  test('an erased person is in no report', () => {
    const folder = temporaryDataFolder();
    write(folder, log(3, 2_000));
    engagementReport(folder, defaults);
    const writer = new InteractionWriter(folder, 1_000);
    expect(writer.erase('u3')).toBeGreaterThan(50);
    writer.close();
    expect(countsOf(engagementReport(folder, defaults))).toEqual(recount(folder, defaults));
  });

  test('rates are shares of impressions with an action, or actions per impression', () => {
    const folder = temporaryDataFolder();
    const at = first * dayMs;
    const shown = (pin: string): Interaction => ({ kind: 'impression', user: 'ann', pin, at, surface: 's' });
    const click = (pin: string, later: number): Interaction => ({
      kind: 'click',
      user: 'ann',
      pin,
      at: at + later,
    });
    write(folder, [shown('a'), shown('b'), click('a', 1), click('a', 2), click('a', 3), click('c', 1)]);
    const { rows, uncredited } = engagementReport(folder, defaults);
    expect(rows[0]!.actions[0]).toMatchObject({ kind: 'click', impressions: 1, actions: 3, rate: 0.5 });
    expect(uncredited).toEqual([{ kind: 'click', actions: 1 }]);
    const filtered = engagementReport(folder, { ...defaults, surface: 'other' });
    expect([filtered.total.impressions, filtered.rows]).toEqual([0, []]);
  });
});

test('the counted days of the 32 rules that were used last are kept', () => {
  const folder = temporaryDataFolder();
  write(folder, [{ kind: 'click', user: 'ann', pin: 'basil', at: first * dayMs }]);
  const counted = (windowHours: number): number =>
    engagementReport(folder, { ...defaults, windowHours }).daysCounted;
  for (let hours = 1; hours <= 32; hours++) expect(counted(hours)).toBe(1);
  // 1 is used again, so 2 is the one used first.
  expect(counted(1)).toBe(0);
  expect(counted(33)).toBe(1);
  expect(counted(1)).toBe(0);
  expect(counted(3)).toBe(0);
  expect(counted(2)).toBe(1);
});
