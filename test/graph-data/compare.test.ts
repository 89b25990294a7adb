import { truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PinBoardGraph, degreeOf } from '../../engine/index.ts';
import {
  activateSnapshot,
  activeVersion,
  compareSnapshots,
  overlapMin,
  rollbackSnapshot,
  syntheticBoards,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { graphOf, smallGraph } from '../graphs.ts';
import { build, importFirst, buildUnlike, firstSizes as sizes } from '../unlike.ts';

type SyntheticOptions = Parameters<typeof syntheticBoards>[0];

/** A synthetic graph; with `keptShare`, without some of its saves, the same ones in every run. */
function graph(options: Partial<SyntheticOptions> = {}, keptShare = 1): PinBoardGraph {
  const saves: [number, number][] = [];
  for (const { board, pins } of syntheticBoards({ ...sizes, ...options })) {
    for (const pin of pins) if (((board * 31 + pin * 17) % 100) / 100 < keptShare) saves.push([board, pin]);
  }
  return graphOf(saves, sizes.pins);
}

describe('compareSnapshots', () => {
  const whole = graph();

  test('compareSnapshots is 1 for the same graph and falls as saves are added or lost', () => {
    expect(compareSnapshots(whole, whole)).toBe(1);
    const shares = [0.95, 0.83, 0.5, 0.2].map((share) => graph({}, share));
    const growing = shares.map((part) => compareSnapshots(part, whole)!);
    const shrinking = shares.map((part) => compareSnapshots(whole, part)!);
    expect(growing).toEqual(growing.toSorted((a, b) => b - a));
    expect(shrinking).toEqual(shrinking.toSorted((a, b) => b - a));
  });

  test('compareSnapshots is far above the minimum for 20 % more saves, and far below it for other graphs', () => {
    expect(compareSnapshots(graph({}, 0.83), whole)).toBeGreaterThan(2 * overlapMin);
    expect(compareSnapshots(whole, graph({ topics: 7, randomSeed: 2 }))).toBeLessThan(overlapMin / 2);
    expect(compareSnapshots(whole, graph({ noise: 1, randomSeed: 2 }))).toBeLessThan(overlapMin / 2);
  });

  test('compareSnapshots is equal for equal seeds and nearly equal for others', () => {
    const part = graph({}, 0.8);
    const overlaps = [1, 2, 3, 4].map((randomSeed) => compareSnapshots(part, whole, { randomSeed })!);
    expect(compareSnapshots(part, whole, { randomSeed: 2 })).toBe(overlaps[1]);
    expect(Math.max(...overlaps) - Math.min(...overlaps)).toBeLessThan(0.1);
    expect(new Set(overlaps).size).toBeGreaterThan(1);
  });

  test('compareSnapshots rests before each of its 100 pins', () => {
    let rests = 0;
    expect(compareSnapshots(whole, whole, { rest: () => rests++ })).toBe(1);
    expect(rests).toBe(100);
  });

  test('compareSnapshots equals an example worked by hand: half of the recommendations remain', () => {
    const both = graphOf([
      [0, 0],
      [0, 1],
      [0, 2],
    ]);
    const one = graphOf(
      [
        [0, 0],
        [0, 1],
      ],
      3,
    );
    expect(compareSnapshots(both, one)).toBe(0.5);
    expect(compareSnapshots(one, both)).toBe(1);
  });

  test('compareSnapshots is 0 without a common pin, and undefined if the old graph recommends nothing', () => {
    const [first, second] = [graphOf([[0, 0]], 2), graphOf([[0, 1]], 2)];
    expect(compareSnapshots(first, second)).toBe(0);
    expect(compareSnapshots(first, first)).toBeUndefined();
    // Pin 8 of the small graph has no board.
    expect(degreeOf(smallGraph.pinToBoard, 8)).toBe(0);
    expect(compareSnapshots(smallGraph, smallGraph)).toBe(1);
  });
});

describe('activation', () => {
  const folder = temporaryDataFolder(afterAll);
  let [like, unlike] = ['', ''];
  beforeAll(async () => {
    await importFirst(folder);
    like = await build(folder);
    unlike = await buildUnlike(folder);
  });

  test('activateSnapshot refuses a too different snapshot, names overlap and remedy, and accepts it by force', () => {
    expect(activateSnapshot(folder, like)).toEqual({ previous: undefined, overlap: undefined });
    const refused = expect.objectContaining({ code: 'snapshot-unlike' });
    expect(() => activateSnapshot(folder, unlike)).toThrow(refused);
    expect(() => activateSnapshot(folder, unlike)).toThrow(
      /overlap of their top 50 is 0\.[0-2]\d, under 0\.3.*--force/,
    );
    expect(activeVersion(folder)).toBe(like);
    const forced = activateSnapshot(folder, unlike, { force: true });
    expect(forced).toEqual({ previous: like, overlap: expect.any(Number) as unknown });
    expect(activeVersion(folder)).toBe(unlike);
  });

  test('activateSnapshot accepts a snapshot that was active before, as a rollback does, without comparing', () => {
    expect(rollbackSnapshot(folder)).toBe(like);
    expect(() => activateSnapshot(folder, unlike)).toThrow('overlap');
    activateSnapshot(folder, unlike, { force: true });
    expect(activateSnapshot(folder, like).overlap).toBeLessThan(overlapMin);
  });

  test('activateSnapshot skips the comparison if the active snapshot is damaged', async () => {
    truncateSync(snapshotFile(folder, like), 100);
    expect(activateSnapshot(folder, unlike)).toEqual({ previous: like, overlap: undefined });
  });
});

test('activateSnapshot never refuses a graph that grows from its first save', async () => {
  const folder = temporaryDataFolder();
  for (const saves of [['u b p1'], ['u b p2'], ['u b p3', 'v c p1'], ['v c p4', 'v d p2', 'v d p5']]) {
    await importSaves(folder, saves);
    const version = await build(folder);
    activateSnapshot(folder, version);
    expect(activeVersion(folder)).toBe(version);
  }
});
