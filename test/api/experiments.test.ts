import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type StoredInteraction, readInteractions } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { type Answer, serveForSuite } from './server.ts';

const saves = ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad leek', 'cat soup leek'];
const server = serveForSuite((folder) => importSaves(folder, saves));
const file = (): string => path.join(server.folder.root, 'experiments.json');
const put = async (id: string, body: unknown): Promise<Answer> =>
  server.get(`/v1/experiments/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const remove = async (id: string): Promise<Answer> =>
  server.get(`/v1/experiments/${id}`, { method: 'DELETE' });
const arms = [
  { name: 'default', share: 1 },
  { name: 'popular', share: 1, algorithm: 'popular' },
];
const recorded = (): StoredInteraction[] => [...readInteractions(server.folder)];
/** Without what differs between two equal answers. */
const plain = (body: Answer['body']): unknown => {
  const { recommendationId: _id, stats, ...same } = body as Record<string, unknown>;
  const { walkMs: _walk, queueMs: _queue, ...counted } = stats as Record<string, unknown>;
  return { ...same, stats: counted };
};

test('without an experiment, a surface costs no file, and nothing is in an arm', async () => {
  const { body } = await server.get('/v1/pins/basil/related?surface=home&viewer=dan');
  expect([body.arm, existsSync(file())]).toEqual([undefined, false]);
});

test('an experiment is stored as given, with its defaults, and listed', async () => {
  const { status, body } = await put('related-1', { surface: 'home', arms, holdout: 0.1 });
  expect([status, body]).toEqual([
    200,
    {
      id: 'related-1',
      state: 'running',
      surface: 'home',
      holdout: 0.1,
      salt: 'related-1',
      arms,
      metric: 'click/impressions',
      guardrails: [],
      windowHours: 24,
      plannedUsers: 10_000,
      start: expect.any(String) as string,
      end: null,
    },
  ]);
  expect((await server.get('/v1/experiments')).body).toEqual({ experiments: [body] });
  expect((await server.get('/v1/experiments/related-1')).body).toEqual(body);
  const again = await put('related-1', { surface: 'home', arms, holdout: 0.1 });
  expect(again.body).toEqual(body);
  await remove('related-1');
  expect((await server.get('/v1/experiments/related-1')).body.code).toBe('unknown-experiment');
  expect((await remove('related-1')).body).toEqual({ result: 'absent' });
});

test('all faults of an experiment are reported at once', async () => {
  const { status, body } = await put('faulty', {
    surface: '',
    holdout: 1,
    arms: [
      { name: 'a', share: 0 },
      { name: 'a', share: 1, algorithm: 'pixie', params: { steps: 0, bogus: 1 } },
      { name: 'b/c', share: 1, algorithm: 'nothing' },
      { name: 'd', share: 1, params: { steps: 10 } },
    ],
    metric: 'a/b/c',
    start: '2026-05-17',
    end: '2026-05-16',
  });
  expect(status).toBe(400);
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
    '/arms/0/share',
    '/arms/1/name',
    '/arms/1/params/bogus',
    '/arms/1/params/steps',
    '/arms/2/algorithm',
    '/arms/2/name',
    '/arms/3/algorithm',
    '/end',
    '/holdout',
    '/metric',
    '/surface',
  ]);
});

test('an experiment that has begun changes its arms only with restart; its end at any time', async () => {
  const given = { surface: 'feed', arms };
  const { body: first } = await put('fixed', given);
  const other = [{ ...arms[0], share: 2 }, arms[1]];
  const refused = await put('fixed', { ...given, arms: other, holdout: 0.5 });
  expect([refused.status, refused.body.detail]).toEqual([
    409,
    expect.stringContaining('to change arms, holdout'),
  ]);
  expect((await put('fixed', { ...given, end: '2030-01-01', metric: 'open' })).body).toMatchObject({
    end: '2030-01-01T00:00:00.000Z',
    metric: 'open',
    start: first.start,
  });
  server.skippedMs += 1000;
  const restarted = await put('fixed', { ...given, arms: other, restart: true });
  expect(restarted.body.arms[0].share).toBe(2);
  expect(restarted.body.start > first.start).toBe(true);
  const planned = { surface: 'feed', arms, start: '2031-01-01' };
  expect((await put('later', planned)).body.detail).toContain('fixed has the surface feed');
  expect((await put('fixed', { ...given, arms: other, end: '2030-01-01' })).status).toBe(200);
  expect((await put('later', planned)).body.state).toBe('planned');
  expect((await put('later', { ...planned, arms: other })).body.arms[0].share).toBe(2);
  await remove('fixed');
  await remove('later');
});

test('the arm of a viewer runs its pipeline, is named in the response and the recorded impressions, and stays on later pages', async () => {
  await put('serve', { surface: 'home', arms: [arms[0], { ...arms[1], params: { backfill: false } }] });
  const met = new Map<string, string>();
  for (const viewer of ['v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7', 'v8']) {
    const request = { query: [{ pin: 'basil' }], limit: 1, surface: 'home', viewer, record: true };
    const { body } = await server.post('/v1/recommendations', request);
    met.set(viewer, body.arm);
    const isPopular = body.arm === 'serve/popular';
    expect(body.algorithm.name).toBe(isPopular ? 'popular' : 'pixie');
    const explicit = isPopular ? { algorithm: 'popular', params: { backfill: false } } : {};
    const same = await server.post('/v1/recommendations', { query: request.query, limit: 1, ...explicit });
    const { arm: _, ...unmarked } = plain(body) as { arm: string };
    expect(unmarked).toEqual(plain(same.body));
    const again = await server.get(`/v1/pins/basil/related?limit=1&surface=home&viewer=${viewer}`);
    expect(plain(again.body)).toEqual(plain(body));
    const next = await server.post(`/v1/recommendations/${body.recommendationId}/next`, undefined);
    expect([next.body.arm, next.body.algorithm.name]).toEqual([body.arm, body.algorithm.name]);
  }
  expect(new Set(met.values())).toEqual(new Set(['serve/default', 'serve/popular']));
  const rows = recorded().filter(({ user }) => met.has(user));
  expect(rows.length).toBeGreaterThan(8);
  for (const { user, arm, surface } of rows) expect([arm, surface]).toEqual([met.get(user), 'home']);
});

test('a request that names a pipeline, another surface or nobody is in no arm', async () => {
  const base = { query: [{ pin: 'basil' }], surface: 'home', viewer: 'v1' };
  const arm = async (body: object): Promise<unknown> =>
    (await server.post('/v1/recommendations', { ...base, ...body })).body.arm;
  expect(await arm({})).toMatch(/^serve\//);
  for (const other of [
    { algorithm: 'related' },
    { params: { steps: 10 } },
    { diversity: 0.1 },
    { surface: 'feed' },
    { viewer: undefined },
  ])
    expect(await arm(other), JSON.stringify(other)).toBe(undefined);
  expect(await arm({ viewer: undefined, query: [{ user: 'v1' }, { pin: 'basil' }] })).toBe(await arm({}));
  const batch = await server.post('/v1/recommendations/batch', { requests: [base, { query: base.query }] });
  expect(batch.body.answers.map(({ answer }: Answer['body']) => answer.arm)).toEqual([
    await arm({}),
    undefined,
  ]);
});

test('an exploring arm draws by viewer and query, and records its propensities; its seed repeats the list', async () => {
  const explores = { algorithm: 'related', params: { exploreShare: 1, exploreTemperature: 1e6 } };
  const both = [
    { name: 'a', share: 1, ...explores },
    { name: 'b', share: 1, ...explores },
  ];
  await put('explore', { surface: 'draw', arms: both });
  const query = [{ pin: 'basil' }];
  const ask = async (body: object): Promise<Answer['body']> =>
    (await server.post('/v1/recommendations', { query, ...body })).body;
  const orders = new Set<string>();
  for (let i = 0; i < 8; i++) {
    const request = { surface: 'draw', viewer: `x${i}`, record: true };
    const body = await ask(request);
    expect((await ask(request)).items).toEqual(body.items);
    expect((await ask({ ...explores, randomSeed: body.randomSeed })).items).toEqual(body.items);
    orders.add(JSON.stringify(body.items.map(({ pin }: Answer['body']) => pin)));
    const own = recorded().filter(({ recommendationId }) => recommendationId === body.recommendationId);
    const propensities = (rows: Answer['body']): unknown[] =>
      rows.map(({ rank, propensity }: Answer['body']) => [rank, propensity]).toSorted();
    expect(propensities(own)).toEqual(propensities(body.items));
    expect(body.items[0].propensity).toBeCloseTo(1 / body.items.length, 5);
  }
  expect(orders.size).toBeGreaterThan(1);
  await remove('explore');
});

test.each([
  ['a surface of boards', { target: 'boards', surface: 'home' }, '/surface'],
  ['another viewer than that of record', { viewer: 'a', record: { user: 'b' } }, '/viewer'],
])('refuses %s', async (_, fields, pointer) => {
  const { status, body } = await server.post('/v1/recommendations', { query: [{ user: 'ann' }], ...fields });
  expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
});

test('only users who meet the conditions are in an experiment, and before its start and after its end nobody', async () => {
  await remove('serve');
  const options = { method: 'PUT', headers: { 'content-type': 'application/json' } };
  await server.get('/v1/users/ann', { ...options, body: '{"attributes":{"country":"de"}}' });
  const start = Date.now() + server.skippedMs + 60_000;
  const at = (ms: number): string => new Date(ms).toISOString();
  await put('germany', {
    surface: 'home',
    users: { country: 'de' },
    arms,
    start: at(start),
    end: at(start + 60_000),
  });
  const armOf = async (viewer: string): Promise<unknown> =>
    (await server.get(`/v1/pins/basil/related?surface=home&viewer=${viewer}`)).body.arm;
  expect(await armOf('ann')).toBe(undefined);
  server.skippedMs += 61_000;
  expect(await armOf('ann')).toMatch(/^germany\//);
  expect(await armOf('ben')).toBe(undefined);
  expect(await armOf('nobody')).toBe(undefined);
  server.skippedMs += 61_000;
  expect(await armOf('ann')).toBe(undefined);
  expect((await server.get('/v1/experiments/germany')).body.state).toBe('ended');
  await remove('germany');
});

test('an arm keeps its preset as it was; promotion makes an arm a preset and ends the experiment, once or twice', async () => {
  const steps = { name: 'few', share: 1, algorithm: 'related', params: { steps: 12_345 } };
  await put('promote', { surface: 'home', arms: [arms[0], steps] });
  const promote = async (body: object): Promise<Answer> =>
    server.post('/v1/experiments/promote/promotion', body);
  expect((await promote({ arm: 'default', preset: 'mine' })).body.errors[0].detail).toContain(
    'choose one of few',
  );
  expect((await promote({ arm: 'few', preset: 'pixie' })).body.errors[0].pointer).toBe('/preset');
  for (let i = 0; i < 2; i++) {
    const { status, body } = await promote({ arm: 'few', preset: 'related' });
    expect([status, body.state, body.promoted]).toMatchObject([
      200,
      'ended',
      { arm: 'few', preset: 'related' },
    ]);
  }
  server.skippedMs += 1000;
  const { body } = await server.get('/v1/pins/basil/related?surface=home&viewer=v1');
  expect([body.arm, body.algorithm.params.steps]).toEqual([undefined, 12_345]);
  rmSync(path.join(server.folder.root, 'presets.json'));
});

test('experiments of another process are known within a second; a damaged file is reported, and the last ones stay', async () => {
  await put('kept', { surface: 'home', arms });
  const text = readFileSync(file(), 'utf8');
  writeFileSync(file(), 'no json');
  server.skippedMs += 1000;
  const arm = async (): Promise<string> =>
    (await server.get('/v1/pins/basil/related?surface=home&viewer=v1')).body.arm;
  await expect
    .poll(async () => [await arm(), JSON.stringify(server.log)].join())
    .toContain('experiments.json');
  expect(await arm()).toMatch(/^kept\//);
  expect((await put('kept', { surface: 'home', arms })).body.code).toBe('storage-unavailable');
  rmSync(file());
  mkdirSync(file());
  expect((await remove('kept')).body.code).toBe('storage-unavailable');
  rmSync(file(), { recursive: true });
  writeFileSync(file(), text);
});
