import { describe, expect, test } from 'vitest';
import { type Measure, type Params, doublingSearch, nextUnit, randomStream } from '../../engine/index.ts';
import { coordinateSearch } from '../../engine/tuning/coordinate-search.ts';

const options = { users: 400, usersFirst: 100, finalists: 3, margin: 1.645, rounds: 2 };
const groups = [{ a: [0, 1, 2], b: [0, 1] }, { c: [0, 1, 2] }];
const start = { a: 0, b: 0, c: 0 };

/** A metric of a user: the worth of the setting, and noise of the user and the setting. */
const measureOf =
  (worth: (levers: { a: number; b: number; c: number }) => number, asked: number[] = []): Measure =>
  async (settings, users) => {
    asked.push(settings.length * users);
    return settings.map((setting: Params) => {
      const levers = setting as unknown as { a: number; b: number; c: number };
      const noise = randomStream(levers.a * 9 + levers.b * 3 + levers.c);
      return Float64Array.from({ length: users }, () => worth(levers) + nextUnit(noise));
    });
  };

describe('a coordinate search', () => {
  test('a coordinate search finds levers that matter, also two that matter only together', async () => {
    const { best, attempts } = await coordinateSearch(
      groups,
      start,
      measureOf(({ a, b, c }) => Number(a === 2 && b === 1) - Math.abs(c - 1)),
      options,
    );
    expect(best).toEqual({ a: 2, b: 1, c: 1 });
    const kept = attempts.filter(({ isKept }) => isKept);
    expect(kept.map(({ changes }) => changes)).toEqual([{ a: 2, b: 1 }, { c: 1 }]);
    for (const { difference, error, users } of kept) {
      expect(difference).toBeCloseTo(1, 0);
      expect(error).toBeGreaterThan(0);
      expect(users).toBe(400);
    }
  });

  test('a second round finds a lever whose best value depends on one that was kept after it', async () => {
    const { best } = await coordinateSearch(
      groups,
      start,
      measureOf(({ a, c }) => c + (a === c ? 1 : 0)),
      options,
    );
    expect(best).toMatchObject({ a: 2, c: 2 });
  });

  test('a coordinate search keeps the start where nothing is better by the margin', async () => {
    const { best, attempts } = await coordinateSearch(
      groups,
      start,
      measureOf(() => 0),
      { ...options, margin: 3 },
    );
    expect(best).toBe(start);
    expect(attempts.some(({ isKept }) => isKept)).toBe(false);
    // Every setting but the start, once.
    expect(new Set(attempts.map(({ changes }) => JSON.stringify(changes))).size).toBe(attempts.length);
    expect(attempts).toHaveLength(5 + 2);
  });

  test('a coordinate search without work left ends with the best setting known', async () => {
    let calls = 0;
    const measure = measureOf(({ a, c }) => a + c);
    const { best } = await coordinateSearch(
      groups,
      start,
      async (settings, users) => (++calls > 2 ? undefined : measure(settings, users)),
      options,
    );
    expect(best).toMatchObject({ a: 2, c: 0 });
  });
});

test('a setting that few users see a little below the best known is compared by all of them', async () => {
  // Above 0 by 0.25 for all users, below it for the quarter that screens.
  const measure: Measure = async (settings, users) =>
    settings.map(({ c }) =>
      Float64Array.from(
        { length: users },
        (_, user) => (c === 1 ? (user < 100 ? -0.01 : 0.3) : 0) + (user % 2),
      ),
    );
  const noisy: Measure = async (settings, users) =>
    (await measure(settings, users))!.map((column, place) =>
      column.map((each, user) => each + ((user * (place + 1)) % 7) / 9),
    );
  const { best } = await coordinateSearch([{ c: [0, 1] }], { c: 0 }, noisy, options);
  expect(best).toEqual({ c: 1 });
});

describe('a doubling search', () => {
  /** Users of a metric with noise, and how much they see of a lever that is worth 0.05. */
  const worth = ({ c }: { c: number }): number => (c === 1 ? 0.05 : 0);
  const search = async (work: number) => {
    let left = work;
    const asked: number[] = [];
    const measure = measureOf(worth);
    const found = await doublingSearch(
      [{ c: [0, 1] }],
      { a: 0, b: 0, c: 0 },
      async (settings, users) => {
        asked.push(users);
        left = Math.max(left - users, 0);
        return left === 0 ? undefined : await measure(settings, users);
      },
      { ...options, users: 40, usersFirst: 10, usersMax: 1_000, workLeft: () => left },
    );
    return { ...found, asked };
  };

  test('a doubling search compares by twice the users while the work left pays for it, up to all of them', async () => {
    const { best, users, isComplete, asked } = await search(1e6);
    expect([best['c'], users, isComplete]).toEqual([1, 1_000, true]);
    expect(asked.length).toBeGreaterThan(5);
    const little = await search(60);
    expect(little).toMatchObject({ best: { c: 0 }, users: 40, isComplete: true });
    expect(Math.max(...little.asked)).toBe(40);
  });

  test('a doubling search without work for its first pass says so', async () => {
    expect(await search(5)).toMatchObject({ best: { c: 0 }, users: 40, isComplete: false });
  });
});
