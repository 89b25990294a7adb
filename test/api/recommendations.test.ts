import { describe, expect, test } from 'vitest';
import { recommendationRequest } from '../../api/index.ts';
import { type DataFolder, importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { type Answer, serveForSuite } from './server.ts';

/**
 * Ten pins; sugar and egg are apart from the others. By hand: tomato is on 3 boards, basil, garlic, olive and onion on
 * 2 each. `twin` is a pin, a board and a user.
 */
const saves = [
  'ann pasta basil',
  'ann pasta tomato',
  'ann pasta garlic',
  'ann soup tomato',
  'ann soup onion',
  'ben salad tomato',
  'ben salad basil',
  'ben salad olive',
  'ben cake sugar',
  'ben cake egg',
  'cem dinner garlic',
  'cem dinner olive',
  'cem dinner onion',
  'twin twin twin',
  'twin twin dough',
];
const allPins = ['basil', 'dough', 'egg', 'garlic', 'olive', 'onion', 'sugar', 'tomato', 'twin'];

const fill = async (folder: DataFolder): Promise<void> => {
  await importSaves(folder, saves);
  await importFiles(folder, [
    writeInput(
      folder,
      'boards.jsonl',
      '{"board":"salad","owner":"ben","title":"Salad","course":"starter"}\n',
    ),
    writeInput(folder, 'users.csv', 'user,country\ndan,de\ncem,tr\n'),
    writeInput(folder, 'pins.csv', 'pin,title,season\nolive,Olive,autumn\nonion,,all\n'),
  ]);
};
const server = serveForSuite(fill);

const ask = (body: object): Promise<Answer> => server.post('/v1/recommendations', body);
const next = (answer: Answer, limit = 2): Promise<Answer> =>
  server.get(`/v1/recommendations/${answer.body.recommendationId}/next?limit=${limit}`, { method: 'POST' });

function keysOf({ body }: { body: Answer['body'] }): string[] {
  return body.items.map(({ pin, board, user }: Record<string, string>) => pin ?? board ?? user);
}

describe('from a user', () => {
  test('the feed has pins that they have not saved, from near what they have', async () => {
    const answer = await server.get('/v1/users/ann/feed');
    expect(answer.body).toMatchObject({ algorithm: { preset: 'feed' }, missing: [], fallback: null });
    expect(keysOf(answer)).toEqual(['olive']);
  });

  test('what they have saved comes back when asked for', async () => {
    const answer = await ask({ query: [{ user: 'ann' }], exclude: { saved: false }, explain: true });
    expect(keysOf(answer).toSorted()).toEqual(['basil', 'garlic', 'olive', 'onion', 'tomato']);
    for (const { pin, reason } of answer.body.items) {
      expect(reason.via.map((via: { pin: string }) => via.pin)).not.toContain(pin);
    }
  });

  test.each(['pixie', 'paths', 'ppr', 'itemknn', 'popular'])(
    'by %s, what they have saved comes back only when asked for',
    async (algorithm) => {
      const own = ['basil', 'garlic', 'onion', 'tomato'];
      const query = [{ user: 'ann' }];
      const without = keysOf(await ask({ query, algorithm }));
      expect(without.filter((pin) => own.includes(pin))).toEqual([]);
      expect(without).toContain('olive');
      const back = keysOf(await ask({ query, algorithm, exclude: { saved: false } }));
      expect(back).toEqual(expect.arrayContaining([...own, 'olive']));
    },
  );

  test('boards are those of others, by the visits of one-step walks', async () => {
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

  test('they themselves are never recommended', async () => {
    const body = { query: [{ user: 'ann' }], target: 'users' };
    expect(keysOf(await ask(body)).toSorted()).toEqual(['ben', 'cem']);
    expect(keysOf(await ask({ ...body, exclude: { saved: false } })).toSorted()).toEqual(['ben', 'cem']);
  });
});

describe('from a board', () => {
  test('ideas are pins that are not on it; its owner may have them elsewhere', async () => {
    const answer = await server.get('/v1/boards/soup/ideas');
    expect(answer.body.algorithm.preset).toBe('ideas');
    expect(keysOf(answer).toSorted()).toEqual(['basil', 'garlic', 'olive']);
  });

  test('the board itself is never recommended, its owner only when asked for', async () => {
    const query = [{ board: 'salad' }];
    const boards = { query, target: 'boards', exclude: { saved: false } };
    expect(keysOf(await ask(boards)).toSorted()).toEqual(['dinner', 'pasta', 'soup']);
    expect(keysOf(await ask({ query, target: 'users' })).toSorted()).toEqual(['ann', 'cem']);
    const withOwner = { query, target: 'users', exclude: { saved: false } };
    expect(keysOf(await ask(withOwner)).toSorted()).toEqual(['ann', 'ben', 'cem']);
  });

  test('one that is newer than the graph stands for its pins too', async () => {
    await importSaves(server.folder, ['eve fresh basil', 'eve fresh newest']);
    const answer = await server.get('/v1/boards/fresh/ideas');
    expect(answer.body).toMatchObject({ fallback: null, missing: [] });
    expect(keysOf(answer).toSorted()).toEqual(['garlic', 'olive', 'onion', 'tomato']);
    const feed = await server.get('/v1/users/eve/feed');
    expect(keysOf(feed)).not.toContain('basil');
    expect(feed.body.fallback).toBeNull();
  });

  test('a weight that is next to nothing is still a weight', async () => {
    const answer = await ask({ query: [{ board: 'soup', weight: 5e-324 }] });
    expect(answer.status).toBe(200);
    expect(keysOf(answer)).toHaveLength(3);
  });
});

describe('boards and users', () => {
  test('have reasons that name the query pins on them', async () => {
    const query = [{ pin: 'basil' }, { pin: 'olive' }];
    const { body } = await ask({ query, target: 'boards', explain: true });
    expect(keysOf({ body })[0]).toBe('salad');
    expect(body.items[0].reason).toMatchObject({ text: 'holds basil and olive' });
    const users = await ask({ query, target: 'users', explain: true });
    const ben = users.body.items.find(({ user }: { user: string }) => user === 'ben');
    expect(ben.reason.via).toEqual([
      { pin: 'basil', board: 'salad', paths: 1 },
      { pin: 'olive', board: 'salad', paths: 1 },
    ]);
    expect(ben.reason).not.toHaveProperty('more');
  });

  test('a reason names three query pins and counts the others', async () => {
    const query = ['basil', 'olive', 'sugar', 'tomato', 'egg'].map((pin) => ({ pin }));
    const { body } = await ask({ query, target: 'users', explain: true });
    const { reason } = body.items.find(({ user }: { user: string }) => user === 'ben');
    expect(reason.via).toHaveLength(3);
    expect(reason).toMatchObject({
      more: 2,
      text: expect.stringMatching(/^saved \w+, \w+, \w+ and 2 more of the query$/) as string,
    });
  });

  test('a user whose board is newer than the graph has reasons from the others', async () => {
    await importSaves(server.folder, ['cem later basil']);
    const { body } = await ask({ query: [{ pin: 'olive' }], target: 'users', explain: true });
    const cem = body.items.find(({ user }: { user: string }) => user === 'cem');
    expect(cem.reason.via).toEqual([{ pin: 'olive', board: 'dinner', paths: 1 }]);
  });

  test('a filter does not shorten what the graph could fill', async () => {
    const params = { steps: 1 };
    const boards = { query: [{ pin: 'onion' }], target: 'boards', filter: { course: 'starter' }, params };
    const answer = await ask(boards);
    expect(keysOf(answer)).toEqual(['salad']);
    expect(answer.body.stats.widened).toBe(true);
    const users = { query: [{ pin: 'basil' }], target: 'users', filter: { country: 'tr' }, params };
    expect(keysOf(await ask({ ...users, fields: ['country'] }))).toEqual(['cem']);
    const all = await ask({ query: [{ pin: 'onion' }], target: 'boards', params });
    expect(keysOf(all).toSorted()).toEqual(['dinner', 'pasta', 'salad', 'soup']);
    const few = await ask({ query: [{ pin: 'onion' }], target: 'boards', params, limit: 2 });
    expect(keysOf(few)).toHaveLength(2);
  });

  test.each(['diversity', 'hubCorrection'])('%s is refused for them, also at a cold start', async (name) => {
    for (const user of ['ann', 'dan']) {
      const answer = await server.get(`/v1/users/${user}/boards?${name}=0.5`);
      expect(answer.body).toMatchObject({ status: 400, errors: [{ pointer: `/${name}` }] });
    }
  });

  test('are ranked by popular too', async () => {
    const query = [{ pin: 'basil' }];
    expect(keysOf(await ask({ query, target: 'users', algorithm: 'popular', limit: 3 }))).toEqual([
      'ann',
      'ben',
      'cem',
    ]);
    const boards = await ask({ query, target: 'boards', algorithm: 'popular', limit: 3 });
    expect(boards.body.items.map(({ score }: { score: number }) => score)).toEqual([3, 3, 3]);
  });
});

describe('a cold start', () => {
  test('is what is saved most, page by page, with filters', async () => {
    const first = await server.get('/v1/users/dan/feed?limit=1');
    expect(first.body).toMatchObject({ fallback: 'cold-start', items: [{ pin: 'tomato', score: 3 }] });
    expect(keysOf(await next(first, 4)).toSorted()).toEqual(['basil', 'garlic', 'olive', 'onion']);
    expect(keysOf(await ask({ query: [{ user: 'dan' }], filter: { season: 'autumn' } }))).toEqual(['olive']);
    const boards = await ask({ query: [{ user: 'dan' }], target: 'boards', limit: 1, explain: true });
    expect(boards.body.items).toEqual([
      { rank: 1, board: 'pasta', score: 3, reason: { via: [], text: 'popular' } },
    ]);
    expect(keysOf(await ask({ query: [{ user: 'dan' }], target: 'users', limit: 1 }))).toEqual(['ann']);
  });

  test('can be asked for without a user, for visitors', async () => {
    const { body } = await server.get('/v1/popular?limit=1&fields=title');
    expect(body).toMatchObject({ algorithm: { name: 'popular' }, items: [{ pin: 'tomato', score: 3 }] });
    expect(keysOf(await server.get('/v1/popular?limit=1&target=users'))).toEqual(['ann']);
    expect((await server.get('/v1/popular?limit=0')).status).toBe(400);
  });

  test('is not for a query that has something to start from', async () => {
    const answer = await ask({ query: [{ user: 'dan' }, { pin: 'egg' }, { pin: 'nowhere' }] });
    expect(answer.body).toMatchObject({ fallback: null, missing: ['nowhere'], items: [{ pin: 'sugar' }] });
  });
});

describe('a batch', () => {
  const batch = (requests: object[], distinct: boolean) =>
    server.post('/v1/recommendations/batch', { requests, distinct });

  test('answers in order, each with its own status', async () => {
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

  test('that takes long leaves the requests of its end unanswered, and says so', async () => {
    const requests = [1, 2].map((randomSeed) =>
      recommendationRequest.parse({ query: [{ pin: 'egg' }], randomSeed }),
    );
    expect(await server.graphs.recommendBatch({ requests, batchMsMax: 0 })).toMatchObject([
      { items: ['sugar'] },
      { problem: { code: 'overloaded' } },
    ]);
  });

  test('distinct shows no item twice, nor do the pages that follow', async () => {
    const one = { query: [{ pin: 'basil' }], limit: 1 };
    const { body } = await batch([one, one], true);
    const shown = body.answers.flatMap(({ answer }: { answer: Answer['body'] }) => keysOf({ body: answer }));
    const following = keysOf(await next({ ...(await ask(one)), body: body.answers[0].answer }, 10));
    expect(new Set([...shown, ...following])).toEqual(new Set(['tomato', 'garlic', 'olive', 'onion']));
    expect([...shown, ...following]).toHaveLength(4);
    const alike = (await batch([one, one], false)).body.answers;
    expect(alike[1].answer.items).toEqual(alike[0].answer.items);
  });

  test('distinct keeps a pin and a board of one name apart', async () => {
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
  ])('of %j come to all of %j, none twice, then to an empty page', async (body, all) => {
    let page = await ask({ ...body, limit: 2 });
    const seen: string[] = [];
    for (let pages = 0; page.body.items.length > 0 && pages < 20; pages++) {
      seen.push(...keysOf(page));
      page = await next(page);
    }
    expect(page).toMatchObject({ status: 200, body: { items: [] } });
    expect(seen.toSorted()).toEqual(all);
  });

  test('keep to the minimum relevance of the first', async () => {
    const body = { query: [{ pin: 'basil' }], algorithm: 'paths', limit: 1 };
    const whole = await ask({ ...body, limit: 10 });
    const [best, second] = whole.body.items.map(({ score }: { score: number }) => score);
    const first = await ask({ ...body, minRelevance: (best + second) / 2 / best });
    expect(keysOf(first)).toEqual(['tomato']);
    expect(keysOf(await next(first))).toEqual([]);
  });
});
