import { describe, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** Times of saves: the window of popular items, and the weights in a feed. */
const server = serveForSuite((folder) =>
  importSaves(folder, ['old1 a classic', 'old2 b classic', 'old3 c classic']),
);

const dayMs = 86_400_000;
const newest = Date.UTC(2026, 4, 1);
const daysBefore = (days: number): number => newest - days * dayMs;
const save = (user: string, pin: string, savedAt: number): object => ({
  user,
  board: `${user}'s`,
  pin,
  savedAt,
});
const post = async (saves: readonly object[]): Promise<void> => {
  expect((await server.post('/v1/saves', saves)).status).toBe(201);
};
const popular = async (windowDays?: number, target = 'pins') => {
  const { body } = await server.post('/v1/recommendations', {
    query: [{ pin: 'classic' }, { pin: 'trend' }],
    algorithm: 'popular',
    target,
    ...(windowDays !== undefined && { windowDays }),
  });
  return body.items.map((item: Record<string, unknown>) => [item[target.slice(0, -1)], item['score']]);
};

describe('what is popular within a window', () => {
  test('windowDays counts the saves of the days before the newest one', async () => {
    await post([
      save('ann', 'trend', newest),
      save('ann', 'fresh', daysBefore(1)),
      save('ben', 'fresh', daysBefore(2)),
      save('ben', 'last month', daysBefore(20)),
      save('cem', 'last month', daysBefore(21)),
      save('dan', 'last month', daysBefore(30)),
      save('dan', 'fresh', daysBefore(30)),
    ]);
    expect(await popular()).toEqual([
      ['fresh', 3],
      ['last month', 3],
    ]);
    expect(await popular(7)).toEqual([['fresh', 2]]);
    expect(await popular(21.5)).toEqual([
      ['fresh', 2],
      ['last month', 2],
    ]);
    // A save of exactly that age is outside.
    expect(await popular(20)).toEqual([['fresh', 2]]);
    const forVisitors = await server.get('/v1/popular?windowDays=7');
    expect(forVisitors.body.items).toMatchObject([
      { pin: 'fresh', score: 2 },
      { pin: 'trend', score: 1 },
    ]);
    expect(await popular(7, 'users')).toEqual([
      ['ann', 2],
      ['ben', 1],
    ]);
    expect(await popular(20.5, 'boards')).toEqual([
      ["ann's", 2],
      ["ben's", 2],
    ]);
  });

  test('popular items within a window follow every write', async () => {
    await post([save('eve', 'fresh', daysBefore(3))]);
    expect(await popular(7)).toEqual([['fresh', 3]]);
    await server.get('/v1/pins/fresh', { method: 'DELETE' });
    expect(await popular(7)).toEqual([]);
  });

  test('a save dated in the future does not move the window into the future', async () => {
    await post([save('fay', 'too early', Date.UTC(2999, 0, 1))]);
    await post([save('fay', 'on time', daysBefore(1))]);
    expect(await popular(7)).toEqual([['on time', 1]]);
  });

  test('a user without saves gets the popular items of the window', async () => {
    await server.get('/v1/users/new', {
      method: 'PUT',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    const { body } = await server.get('/v1/users/new/feed?windowDays=2');
    expect(body.fallback).toBe('cold-start');
    expect(body.items.map((item: { pin: string }) => item.pin)).toEqual(['trend', 'on time']);
  });
});

describe('a feed', () => {
  const feed = async (user: string): Promise<Record<string, number>> => {
    const { body } = await server.get(`/v1/users/${user}/feed?algorithm=paths&halfLifeDays=90`);
    return Object.fromEntries(
      body.items.map(({ pin, score }: { pin: string; score: number }) => [pin, score]),
    );
  };
  /** Each saved by the user, and by someone else together with a pin to recommend. */
  const history = [
    ['now', newest],
    ['half a year ago', daysBefore(180)],
    ['a year ago', daysBefore(360)],
  ] as const;

  test('a feed weighs recent saves more, whatever their order of arrival', async () => {
    for (const [pin] of history) {
      await post([save(`other of ${pin}`, pin, newest), save(`other of ${pin}`, `goes with ${pin}`, newest)]);
    }
    await post(history.map(([pin, time]) => save('gus', pin, time)));
    await post(history.toReversed().map(([pin, time]) => save('hal', pin, time)));
    const scores = await feed('gus');
    expect(scores['goes with now']).toBeGreaterThan(2 * scores['goes with half a year ago']!);
    expect(scores['goes with half a year ago']).toBeGreaterThan(2 * scores['goes with a year ago']!);
    expect(await feed('hal')).toEqual(scores);
  });

  test('a feed treats a save dated in the future as one of now', async () => {
    const before = await feed('gus');
    await post([save('gus', 'now', newest), save('gus', 'of the future', Date.UTC(2999, 0, 1))]);
    const scores = await feed('gus');
    const ratio = (of: Record<string, number>): number => of['goes with now']! / of['goes with a year ago']!;
    expect(ratio(scores)).toBeCloseTo(ratio(before), 6);
  });
});
