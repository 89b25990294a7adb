import { describe, expect, test } from 'vitest';
import { type DataFolder, importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const fill = async (folder: DataFolder): Promise<void> => {
  const saves = [
    ['ann', 'pasta', 'basil'],
    ['ann', 'pasta', 'tomato'],
    ['ann', 'pasta', 'garlic'],
    ['ben', 'salad', 'tomato'],
    ['ben', 'salad', 'basil'],
    ['ben', 'cake', 'sugar'],
    ['ben', 'cake', 'egg'],
    ['cem', 'odd', 'a/b %2F "c"'],
    ['cem', 'odd', '__proto__'],
  ];
  const lines = saves.map(([user, board, pin]) => JSON.stringify({ user, board, pin })).join('\n');
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', lines),
    writeInput(folder, 'pins.csv', 'pin,title,url,price\ntomato,Tomato,http://t/,2\nlonely,Lonely,,\n'),
  ]);
};
const server = serveForSuite(fill);

const pins = (response: { body: { items: { pin: string }[] } }) => response.body.items.map(({ pin }) => pin);

describe('GET /v1/pins/{pin}/related', () => {
  test('related pins come ranked, with scores and stats', async () => {
    const response = await server.get(
      '/v1/pins/basil/related?limit=2&steps=10000&randomSeed=5&algorithm=pixie',
    );
    expect(response.status).toBe(200);
    expect(pins(response)).toEqual(['tomato', 'garlic']);
    const [first] = response.body.items;
    expect(first).toEqual({
      rank: 1,
      pin: 'tomato',
      score: first.visits / 10_000,
      visits: expect.any(Number),
    });
    expect(response.body).toMatchObject({
      graphVersion: expect.stringMatching(/^[0-9a-f]{16}$/),
      algorithm: { name: 'pixie', params: { steps: 10_000, restartProbability: 0.5 } },
      randomSeed: 5,
      stats: { steps: 10_000, stoppedEarly: false, candidates: 2 },
      missing: [],
      fallback: null,
    });
  });

  test('the same seed returns the same items, by GET and by POST', async () => {
    const path = '/v1/pins/basil/related?randomSeed=9&steps=999&restartProbability=0.3';
    const first = await server.get(path);
    const params = { steps: 999, restartProbability: 0.3 };
    const posted = await server.post('/v1/recommendations', {
      query: [{ pin: 'basil' }],
      params,
      randomSeed: 9,
    });
    expect((await server.get(path)).body.items).toEqual(first.body.items);
    expect(posted.body.items).toEqual(first.body.items);
    expect(first.body.items.length).toBeGreaterThan(1);
  });

  test('returns the requested fields that a pin has', async () => {
    const response = await server.get('/v1/pins/basil/related?fields=title,price,nothing');
    const fieldsOf = new Map(
      response.body.items.map(({ pin, fields }: { pin: string; fields: object }) => [pin, fields]),
    );
    expect(fieldsOf.get('tomato')).toEqual({ title: 'Tomato', price: 2 });
    expect(fieldsOf.get('garlic')).toEqual({});
  });

  test('decodes the id in the path exactly once', async () => {
    expect(pins(await server.get(`/v1/pins/${encodeURIComponent('a/b %2F "c"')}/related`))).toEqual([
      '__proto__',
    ]);
    expect(pins(await server.get('/v1/pins/__proto__/related'))).toEqual(['a/b %2F "c"']);
    expect((await server.get('/v1/pins/%zz/related')).body).toMatchObject({
      status: 400,
      code: 'invalid-request',
    });
  });

  test('a pin without saves has no related pins', async () => {
    const response = await server.get('/v1/pins/lonely/related');
    expect(response).toMatchObject({ status: 200, body: { items: [], stats: { steps: 0, candidates: 0 } } });
  });
});

describe('POST /v1/recommendations', () => {
  test('lists a pin added after the build as missing, without an error', async () => {
    await importSaves(server.folder, ['dan late newcomer']);
    const response = await server.post('/v1/recommendations', {
      query: [{ pin: 'newcomer' }, { pin: 'basil' }],
    });
    expect(response.body).toMatchObject({
      missing: ['newcomer'],
      items: [{ pin: 'tomato' }, { pin: 'garlic' }],
    });
    expect((await server.get('/v1/pins/newcomer/related')).body).toMatchObject({
      status: 404,
      code: 'unknown-pin',
    });
  });

  test('walks from several weighted pins, recommends none of them, and lists the missing ones', async () => {
    const query = [
      { pin: 'basil', weight: 2 },
      { pin: 'sugar' },
      { pin: 'nowhere' },
      { pin: 'sugar', weight: 3 },
    ];
    const response = await server.post('/v1/recommendations', { query, algorithm: 'pixie' });
    expect(response.body.missing).toEqual(['nowhere']);
    expect(pins(response).toSorted()).toEqual(['egg', 'garlic', 'tomato']);
    const visits = new Map<string, number>(
      response.body.items.map((item: { pin: string; visits: number }) => [item.pin, item.visits]),
    );
    // Two thirds of the steps start at sugar, and half of those stay there.
    expect(visits.get('egg')! / 100_000).toBeCloseTo(1 / 3, 1);
  });

  test('drops excluded pins before the cut to the limit', async () => {
    const exclude = { pins: ['tomato', 'no such pin'] };
    const response = await server.post('/v1/recommendations', {
      query: [{ pin: 'basil' }],
      exclude,
      limit: 1,
    });
    expect(pins(response)).toEqual(['garlic']);
  });
});

describe('ranking', () => {
  const recommend = (body: object) =>
    server.post('/v1/recommendations', { query: [{ pin: 'basil' }], ...body });

  test('the response names algorithm, preset and all parameters; given parameters override the preset', async () => {
    const { algorithm } = (await recommend({ algorithm: 'feed', params: { steps: 5_000 } })).body;
    expect(algorithm).toMatchObject({ name: 'pixie', preset: 'feed' });
    expect(algorithm.params).toMatchObject({ steps: 5_000, lastHop: 'spread', sharpening: 1, boost: false });
    expect((await recommend({})).body.algorithm).toMatchObject({ preset: 'related' });
  });

  test.each(['pixie', 'paths', 'ppr', 'itemknn', 'popular', 'related', 'ideas', 'feed'])(
    '%s recommends pins, but not the query pin',
    async (algorithm) => {
      const response = await recommend({ algorithm });
      expect(response.status).toBe(200);
      expect(pins(response)).toContain('tomato');
      expect(pins(response)).not.toContain('basil');
    },
  );

  test('a reason names a board that holds both pins', async () => {
    const { items } = (await recommend({ explain: true })).body;
    const tomato = items.find(({ pin }: { pin: string }) => pin === 'tomato');
    expect(tomato.reason.via).toHaveLength(1);
    expect(tomato.reason.via[0].pin).toBe('basil');
    expect(tomato.reason.text).toMatch(/^saved with basil on \d+ boards?$/);
    expect((await recommend({})).body.items[0]).not.toHaveProperty('reason');
  });

  test('related states what it was for this number of query pins, and a request that sends it back gets the same list', async () => {
    const query = [{ pin: 'basil' }, { pin: 'sugar' }, { pin: 'egg' }];
    const { algorithm, items } = (await recommend({ query })).body;
    expect(algorithm.params).toMatchObject({ fadePins: 0, restartProbability: 0.7, specificity: 0.25 });
    const again = (await recommend({ query, algorithm: 'pixie', params: algorithm.params })).body;
    expect(again.items).toEqual(items);
    expect((await recommend({})).body.algorithm.params).toMatchObject({ fadePins: 0, specificity: 0.5 });
  });

  test('with rareShare, every item states its propensity', async () => {
    const { items } = (await recommend({ rareShare: 0.5 })).body;
    expect(items.every(({ propensity }: { propensity: number }) => propensity > 0 && propensity <= 1)).toBe(
      true,
    );
    expect((await recommend({})).body.items[0]).not.toHaveProperty('propensity');
  });

  test('a filter applies all its conditions and never shortens a list that the graph could fill', async () => {
    expect(pins(await recommend({ filter: { title: 'Tomato' } }))).toEqual(['tomato']);
    expect(pins(await recommend({ filter: { price: { gte: 2, lt: 3 } } }))).toEqual(['tomato']);
    expect(pins(await recommend({ filter: { price: { exists: false } } }))).not.toContain('tomato');
    // A walk of one step finds one pin at most: more distant ones fill the list.
    const short = await recommend({ algorithm: 'pixie', params: { steps: 1 }, limit: 2 });
    expect(short.body.items).toHaveLength(2);
    expect(short.body.stats.widened).toBe(true);
  });

  test('a minimum relevance drops the items below it', async () => {
    const { items } = (await recommend({ minRelevance: 1 })).body;
    expect(items).toHaveLength(1);
  });

  test.each([
    [{ params: { steps: 0 } }, '/params/steps'],
    [{ params: { steps: '5' } }, '/params/steps'],
    [{ algorithm: 'paths', params: { steps: 5 } }, '/params/steps'],
    [{ algorithm: 'pixie', params: { boost: true, sharpening: 1 } }, '/params/sharpening'],
    [{ diversity: 2 }, '/diversity'],
    [{ filter: { price: {} } }, '/filter/price', 'invalid-filter'],
    [{ filter: { price: { near: 3 } } }, '/filter/price/near', 'invalid-filter'],
    [{ filter: { pricee: 3 } }, '/filter/pricee', 'invalid-filter'],
    [{ filter: { price: {} }, limit: 0 }, '/filter/price'],
  ])('the problem for %j points at %s', async (body, pointer, code = 'invalid-request') => {
    const response = await recommend(body);
    expect(response.body.code).toBe(code);
    expect(response.body.errors.map((each: { pointer: string }) => each.pointer)).toContain(pointer);
  });
});
