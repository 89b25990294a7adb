import { describe, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { fillWithRecipes, keysOf } from './recipes.ts';
import { type Answer, serveForSuite } from './server.ts';

const server = serveForSuite(fillWithRecipes);
const recommend = (body: object): Promise<Answer> => server.post('/v1/recommendations', body);
const next = (page: Answer, limit = 2): Promise<Answer> =>
  server.get(`/v1/recommendations/${page.body.recommendationId}/next?limit=${limit}`, { method: 'POST' });

describe('from a user', () => {
  test("a feed recommends pins near the user's saves that they have not saved", async () => {
    const answer = await server.get('/v1/users/ann/feed');
    expect(answer.body).toMatchObject({ algorithm: { preset: 'feed' }, missing: [], fallback: null });
    expect(keysOf(answer)).toEqual(['olive']);
  });

  test('exclude.saved: false recommends what the user has saved', async () => {
    const answer = await recommend({ query: [{ user: 'ann' }], exclude: { saved: false }, explain: true });
    expect(keysOf(answer).toSorted()).toEqual(['basil', 'garlic', 'olive', 'onion', 'tomato']);
    for (const { pin, reason } of answer.body.items) {
      expect(reason.via.map((via: { pin: string }) => via.pin)).not.toContain(pin);
    }
  });

  test.each(['pixie', 'paths', 'ppr', 'itemknn', 'popular'])(
    '%s recommends pins that the user has saved only with exclude.saved: false',
    async (algorithm) => {
      const own = ['basil', 'garlic', 'onion', 'tomato'];
      const query = [{ user: 'ann' }];
      const without = keysOf(await recommend({ query, algorithm }));
      expect(without.filter((pin) => own.includes(pin))).toEqual([]);
      expect(without).toContain('olive');
      const back = keysOf(await recommend({ query, algorithm, exclude: { saved: false } }));
      expect(back).toEqual(expect.arrayContaining([...own, 'olive']));
    },
  );

  test('target boards: recommends boards of others, ranked by the visits of one-step walks', async () => {
    const path = '/v1/users/ann/boards?algorithm=pixie&restartProbability=1&steps=200000&fields=title,course';
    const { body } = await server.get(path);
    // tomato, saved twice, has two fifths, the other three one each: salad has a third of tomato and half of basil,
    // dinner half of garlic and half of onion.
    expect(body.items).toEqual([
      {
        rank: 1,
        board: 'salad',
        score: expect.closeTo(7 / 30, 2),
        fields: { title: 'Salad', course: 'starter' },
      },
      { rank: 2, board: 'dinner', score: expect.closeTo(1 / 5, 2), fields: {} },
    ]);
  });

  test('never recommends the users of the query', async () => {
    const body = { query: [{ user: 'ann' }], target: 'users' };
    expect(keysOf(await recommend(body)).toSorted()).toEqual(['ben', 'cem']);
    expect(keysOf(await recommend({ ...body, exclude: { saved: false } })).toSorted()).toEqual([
      'ben',
      'cem',
    ]);
  });
});

describe('from a board', () => {
  test('ideas are pins that the board does not hold, though its owner may have them elsewhere', async () => {
    const answer = await server.get('/v1/boards/soup/ideas');
    expect(answer.body.algorithm.preset).toBe('ideas');
    expect(keysOf(answer).toSorted()).toEqual(['basil', 'garlic', 'olive']);
  });

  test('never recommends the board of the query, and its owner only on request', async () => {
    const query = [{ board: 'salad' }];
    const boards = { query, target: 'boards', exclude: { saved: false } };
    expect(keysOf(await recommend(boards)).toSorted()).toEqual(['dinner', 'pasta', 'soup']);
    expect(keysOf(await recommend({ query, target: 'users' })).toSorted()).toEqual(['ann', 'cem']);
    const withOwner = { query, target: 'users', exclude: { saved: false } };
    expect(keysOf(await recommend(withOwner)).toSorted()).toEqual(['ann', 'ben', 'cem']);
  });

  test('a board newer than the graph stands for its pins', async () => {
    await importSaves(server.folder, ['eve fresh basil', 'eve fresh newest']);
    const answer = await server.get('/v1/boards/fresh/ideas');
    expect(answer.body).toMatchObject({ fallback: null, missing: [] });
    expect(keysOf(answer).toSorted()).toEqual(['garlic', 'olive', 'onion', 'tomato']);
    const feed = await server.get('/v1/users/eve/feed');
    expect(keysOf(feed)).not.toContain('basil');
    expect(feed.body.fallback).toBeNull();
  });

  test('a tiny weight still counts', async () => {
    const answer = await recommend({ query: [{ board: 'soup', weight: 5e-324 }] });
    expect(answer.status).toBe(200);
    expect(keysOf(answer)).toHaveLength(3);
  });
});

describe('boards and users', () => {
  test('a board or user has a reason that names the query pins it holds', async () => {
    const query = [{ pin: 'basil' }, { pin: 'olive' }];
    const { body } = await recommend({ query, target: 'boards', explain: true });
    expect(keysOf({ body })[0]).toBe('salad');
    expect(body.items[0].reason).toMatchObject({ text: 'holds basil and olive' });
    const users = await recommend({ query, target: 'users', explain: true });
    const ben = users.body.items.find(({ user }: { user: string }) => user === 'ben');
    expect(ben.reason.via).toEqual([
      { pin: 'basil', board: 'salad', paths: 1 },
      { pin: 'olive', board: 'salad', paths: 1 },
    ]);
    expect(ben.reason).not.toHaveProperty('more');
  });

  test('a reason names three query pins and counts the others', async () => {
    const query = ['basil', 'olive', 'sugar', 'tomato', 'egg'].map((pin) => ({ pin }));
    const { body } = await recommend({ query, target: 'users', explain: true });
    const { reason } = body.items.find(({ user }: { user: string }) => user === 'ben');
    expect(reason.via).toHaveLength(3);
    expect(reason).toMatchObject({
      more: 2,
      text: expect.stringMatching(/^saved \w+, \w+, \w+ and 2 more of the query$/) as string,
    });
  });

  test('a user whose board is newer than the graph has reasons from the other boards', async () => {
    await importSaves(server.folder, ['cem later basil']);
    const { body } = await recommend({ query: [{ pin: 'olive' }], target: 'users', explain: true });
    const cem = body.items.find(({ user }: { user: string }) => user === 'cem');
    expect(cem.reason.via).toEqual([{ pin: 'olive', board: 'dinner', paths: 1 }]);
  });

  test('a filter never shortens a list of boards or users that the graph could fill', async () => {
    const params = { steps: 1 };
    const boards = { query: [{ pin: 'onion' }], target: 'boards', filter: { course: 'starter' }, params };
    const answer = await recommend(boards);
    expect(keysOf(answer)).toEqual(['salad']);
    expect(answer.body.stats.widened).toBe(true);
    const users = { query: [{ pin: 'basil' }], target: 'users', filter: { country: 'tr' }, params };
    expect(keysOf(await recommend({ ...users, fields: ['country'] }))).toEqual(['cem']);
    const all = await recommend({ query: [{ pin: 'onion' }], target: 'boards', params });
    expect(keysOf(all).toSorted()).toEqual(['dinner', 'pasta', 'salad', 'soup']);
    const few = await recommend({ query: [{ pin: 'onion' }], target: 'boards', params, limit: 2 });
    expect(keysOf(few)).toHaveLength(2);
  });

  test.each(['diversity', 'hubCorrection'])(
    'refuses %s for boards and users, also at a cold start',
    async (name) => {
      for (const user of ['ann', 'dan']) {
        const answer = await server.get(`/v1/users/${user}/boards?${name}=0.5`);
        expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: `/${name}` }] });
      }
    },
  );

  test('popular ranks boards and users', async () => {
    const query = [{ pin: 'basil' }];
    expect(keysOf(await recommend({ query, target: 'users', algorithm: 'popular', limit: 3 }))).toEqual([
      'ann',
      'ben',
      'cem',
    ]);
    const boards = await recommend({ query, target: 'boards', algorithm: 'popular', limit: 3 });
    expect(boards.body.items.map(({ score }: { score: number }) => score)).toEqual([3, 3, 3]);
  });
});

describe('a cold start', () => {
  test('a cold start returns the most saved items, by page, with filters', async () => {
    const first = await server.get('/v1/users/dan/feed?limit=1');
    expect(first.body).toMatchObject({ fallback: 'cold-start', items: [{ pin: 'tomato', score: 3 }] });
    expect(keysOf(await next(first, 4)).toSorted()).toEqual(['basil', 'garlic', 'olive', 'onion']);
    expect(keysOf(await recommend({ query: [{ user: 'dan' }], filter: { season: 'autumn' } }))).toEqual([
      'olive',
    ]);
    const boards = await recommend({ query: [{ user: 'dan' }], target: 'boards', limit: 1, explain: true });
    expect(boards.body.items).toEqual([
      { rank: 1, board: 'pasta', score: 3, reason: { via: [], text: 'popular' } },
    ]);
    expect(keysOf(await recommend({ query: [{ user: 'dan' }], target: 'users', limit: 1 }))).toEqual(['ann']);
  });

  test('popular items need no user', async () => {
    const { body } = await server.get('/v1/popular?limit=1&fields=title');
    expect(body).toMatchObject({ algorithm: { name: 'popular' }, items: [{ pin: 'tomato', score: 3 }] });
    expect(keysOf(await server.get('/v1/popular?limit=1&target=users'))).toEqual(['ann']);
    expect((await server.get('/v1/popular?limit=0')).status).toBe(400);
  });

  test('a query with saves gets no fallback', async () => {
    const answer = await recommend({ query: [{ user: 'dan' }, { pin: 'egg' }, { pin: 'nowhere' }] });
    expect(answer.body).toMatchObject({ fallback: null, missing: ['nowhere'], items: [{ pin: 'sugar' }] });
  });
});
