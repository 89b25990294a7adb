import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { jsonBytes } from '../../api/base/index.ts';
import { recommendationRequest } from '../../api/index.ts';
import { allPins, fillWithRecipes, keysOf } from './recipes.ts';
import { type Answer, serveForSuite } from './server.ts';

const server = serveForSuite(fillWithRecipes);
const recommend = (body: object): Promise<Answer> => server.post('/v1/recommendations', body);
const next = (page: Answer, limit = 2): Promise<Answer> =>
  server.get(`/v1/recommendations/${page.body.recommendationId}/next?limit=${limit}`, { method: 'POST' });

describe('a batch', () => {
  const batch = (requests: object[], distinct: boolean) =>
    server.post('/v1/recommendations/batch', { requests, distinct });

  test('a batch returns its results in order, each with its own status', async () => {
    const requests = [
      { query: [{ pin: 'egg' }] },
      { query: [{ pin: 'nowhere' }] },
      { query: [{ user: 'dan' }] },
    ];
    const { body } = await batch(requests, false);
    expect(body.answers).toMatchObject([
      { status: 200, answer: { items: [{ pin: 'sugar' }] } },
      { status: 404, problem: { code: 'unknown-pin', status: 404 } },
      { status: 200, answer: { fallback: 'cold-start' } },
    ]);
  });

  test.each([{ batchMsMax: 0 }, { batchBytesMax: 10 }])(
    'a batch that takes too long or returns too much reports its last requests as overloaded: %o',
    async (limit) => {
      const requests = [1, 2].map((randomSeed) =>
        recommendationRequest.parse({ query: [{ pin: 'egg' }], randomSeed }),
      );
      expect(await server.graphs.recommendBatch({ requests, ...limit })).toMatchObject([
        { items: jsonBytes(['sugar']) },
        { problem: { code: 'overloaded' } },
      ]);
    },
  );

  test('large bodies that arrive together are read and served one per turn of the event loop', async () => {
    const turns = vi.spyOn(server.turns, 'next');
    onTestFinished(() => turns.mockRestore());
    const query = [{ pin: 'egg' }];
    const large = { query, exclude: { pins: Array.from({ length: 2_000 }, (_, i) => `none ${i}`) } };
    await Promise.all([1, 2, 3].map(async () => batch([{ query }], false)));
    expect(turns).not.toHaveBeenCalled();
    await Promise.all([1, 2, 3].map(async () => batch([large], false)));
    // Before they are parsed, and before they are copied to a worker.
    expect(turns).toHaveBeenCalledTimes(6);
  });

  test('distinct shows no item twice, on the following pages either', async () => {
    const one = { query: [{ pin: 'basil' }], limit: 1 };
    const { body } = await batch([one, one], true);
    const shown = body.answers.flatMap(({ answer }: { answer: Answer['body'] }) => keysOf({ body: answer }));
    const following = keysOf(await next({ ...(await recommend(one)), body: body.answers[0].answer }, 10));
    expect(new Set([...shown, ...following])).toEqual(new Set(['tomato', 'garlic', 'olive', 'onion']));
    expect([...shown, ...following]).toHaveLength(4);
    const { recommendationId } = body.answers[1].answer;
    const path = `/v1/recommendations/${recommendationId}/next?limit=10`;
    const items = (await server.get(path, { method: 'POST' })).body.items as { rank: number }[];
    expect(items.map(({ rank }) => rank)).toEqual([2, 3]);
    const alike = (await batch([one, one], false)).body.answers;
    expect(alike[1].answer.items).toEqual(alike[0].answer.items);
  });

  test('distinct separates a pin from a board of the same key', async () => {
    const query = [{ pin: 'dough' }];
    const { body } = await batch([{ query }, { query, target: 'boards' }, { query, target: 'users' }], true);
    expect(body.answers.map(({ answer }: { answer: Answer['body'] }) => keysOf({ body: answer }))).toEqual([
      ['twin'],
      ['twin'],
      ['twin'],
    ]);
  });
});

describe('next pages', () => {
  const component = ['basil', 'garlic', 'olive', 'onion', 'tomato'];
  test.each([
    ...['related', 'ideas', 'feed', 'pixie', 'paths', 'ppr', 'itemknn'].map(
      (algorithm) => [{ query: [{ pin: 'basil' }], algorithm }, component.slice(1)] as const,
    ),
    [{ query: [{ pin: 'basil' }], params: { steps: 1 } }, component.slice(1)] as const,
    [{ query: [{ pin: 'basil' }], diversity: 1 }, component.slice(1)] as const,
    [{ query: [{ pin: 'basil' }], algorithm: 'popular' }, allPins.filter((pin) => pin !== 'basil')] as const,
    [{ query: [{ user: 'dan' }] }, allPins] as const,
    [{ query: [{ pin: 'basil' }], target: 'boards' }, ['dinner', 'pasta', 'salad', 'soup']] as const,
    [{ query: [{ user: 'ann' }], target: 'users' }, ['ben', 'cem']] as const,
    [{ query: [{ user: 'ann' }], exclude: { saved: false } }, component] as const,
  ])('the pages of %j have all of %j once, then one is empty', async (body, all) => {
    let page = await recommend({ ...body, limit: 2 });
    const seen: string[] = [];
    for (let pages = 0; page.body.items.length > 0 && pages < 20; pages++) {
      expect(page.body.items[0].rank).toBe(seen.length + 1);
      seen.push(...keysOf(page));
      page = await next(page);
    }
    expect(page).toMatchObject({ status: 200, body: { items: [] } });
    expect(seen.toSorted()).toEqual(all);
  });

  test('next pages apply the minimum relevance to the best score of the first', async () => {
    const body = { query: [{ pin: 'basil' }], algorithm: 'paths', limit: 1 };
    const whole = await recommend({ ...body, limit: 10 });
    const [best, second] = whole.body.items.map(({ score }: { score: number }) => score);
    const first = await recommend({ ...body, minRelevance: (best + second) / 2 / best });
    expect(keysOf(first)).toEqual(['tomato']);
    expect(keysOf(await next(first))).toEqual([]);
  });
});
