import { expect, test } from 'vitest';
import {
  type IsExcluded,
  type Params,
  type ScoredPin,
  Engine,
  Work,
  degreeOf,
  presets,
  resolvePipeline,
  runPipeline,
} from '../../engine/index.ts';
import { fillRareSlots } from '../../engine/pipeline/rare-slots.ts';
import { rareSavesMax } from '../../engine/rank/index.ts';
import { graphOf } from '../graphs.ts';

const scored = (pins: readonly number[]): ScoredPin[] => pins.map((pin) => ({ pin, score: 1 / (pin + 1) }));
const best = scored([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
const isRare = (pin: number): boolean => pin === 4 || pin >= 100;
const pool = Array.from({ length: 30 }, (_, i) => 100 + i);

function fill(share: number, seed = 1, found: readonly number[] = pool): ReturnType<typeof fillRareSlots> {
  const find = (count: number): ScoredPin[] => scored(found.slice(0, count));
  return fillRareSlots(best, share, isRare, find, seed, new Work());
}

test('a share of 0.3 gives three places of ten to rare pins; the one already listed stays and counts', () => {
  const list = fill(0.3);
  expect(list).toHaveLength(10);
  expect(list.filter(({ pin }) => isRare(pin))).toHaveLength(3);
  // Two are drawn, for the last place of each half; the lowest two others made room.
  const rest = list.filter(({ pin }) => pin < 100).map(({ pin }) => pin);
  expect(rest).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(list.map(({ pin }) => pin >= 100).lastIndexOf(true)).toBe(9);
  expect(list.findIndex(({ pin }) => pin >= 100)).toBe(4);
});

test('a small share is rounded up, and one that the list already has changes nothing', () => {
  expect(fill(0.11).filter(({ pin }) => isRare(pin))).toHaveLength(2);
  expect(fill(0.1).map(({ pin }) => pin)).toEqual(best.map(({ pin }) => pin));
  expect(fill(1).every(({ pin }) => isRare(pin))).toBe(true);
});

test('too few rare pins never shorten the list', () => {
  expect(fill(1, 1, [100, 101])).toHaveLength(10);
  expect(fill(1, 1, [])).toHaveLength(10);
});

test('each pin takes each drawn place as often as its propensity says, and the same seed draws the same', () => {
  expect(fill(0.3, 7)).toEqual(fill(0.3, 7));
  const rounds = 20_000;
  const counts = new Map<number, number>();
  for (let seed = 0; seed < rounds; seed++) {
    const { pin, propensity } = fill(0.3, seed)[9]!;
    expect(propensity).toBe(1 / 20);
    counts.set(pin, (counts.get(pin) ?? 0) + 1);
  }
  expect(counts.size).toBe(20);
  const expected = rounds / 20;
  const chiSquare = [...counts.values()].reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0);
  // 19 degrees of freedom, p = 1e-6.
  expect(chiSquare).toBeLessThan(62.2);
  expect(
    fill(0.3)
      .filter(({ pin }) => pin < 100)
      .every(({ propensity }) => propensity === 1),
  ).toBe(true);
});

test('rare are pins with up to 2 saves, or the tenth with the fewest', () => {
  const few = graphOf(
    [0, 1, 2].flatMap((pin) => [0, 1, 2].slice(0, pin + 1).map((board) => [board, pin] as const)),
  );
  expect(rareSavesMax(few)).toBe(2);
  // 20 pins: two of 5 saves, the others of 9.
  const many = graphOf(
    Array.from({ length: 20 }, (_, pin) => pin).flatMap((pin) => {
      return Array.from({ length: pin < 2 ? 5 : 9 }, (_, board) => [board, pin] as const);
    }),
  );
  expect(rareSavesMax(many)).toBe(5);
});

// Pins 0 to 19 are on all of 20 boards, each of pins 20 to 39 on one of them.
const graph = graphOf(
  Array.from({ length: 20 }, (_, board) =>
    [...Array(20).keys(), 20 + board].map((pin) => [board, pin] as const),
  ).flat(),
);

function run(changes: Params, isExcluded: IsExcluded = () => false, traced: number[] = []) {
  const { algorithm, params } = presets.related;
  const pipeline = resolvePipeline({ algorithm, params: { ...params, ...changes } });
  const options = { limit: 10, randomSeed: 3, isExcluded, traced };
  return runPipeline(new Engine(graph), {}, { pins: [0], weights: [1] }, pipeline, options);
}

test('a pipeline keeps the share, and excluded pins stay out', () => {
  const rareIn = ({ best: list }: ReturnType<typeof run>): number[] =>
    list.map(({ pin }) => pin).filter((pin) => degreeOf(graph.pinToBoard, pin) <= 2);
  expect(rareIn(run({}))).toHaveLength(0);
  expect(run({}).best[0]).not.toHaveProperty('propensity');
  expect(rareIn(run({ rareShare: 0.4 }))).toHaveLength(4);
  const odd = rareIn(run({ rareShare: 0.4 }, (pin) => pin % 2 === 0));
  expect(odd).toHaveLength(4);
  expect(odd.every((pin) => pin % 2 === 1)).toBe(true);
});

test('a pin that made room is traced as the next one, a drawn one at its place', () => {
  const before = run({}).best.map(({ pin }) => pin);
  const { best: list, traced } = run({ rareShare: 0.1 }, undefined, [before[9]!]);
  expect(list.map(({ pin }) => pin).slice(0, 9)).toEqual(before.slice(0, 9));
  expect(traced[0]).toMatchObject({ place: 'beyond-limit', rank: 11 });
  const again = run({ rareShare: 0.1 }, undefined, [list[9]!.pin]);
  expect(again.traced[0]).toMatchObject({ place: 'listed', rank: 10 });
});

test('boards have no rare pins', () => {
  expect(() => resolvePipeline({ algorithm: 'pixie', params: { rareShare: 0.1 } }, 'boards')).toThrow(
    /rareShare/,
  );
});
