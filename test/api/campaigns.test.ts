import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { importTopics } from '../topics.ts';
import { bid, budget, promotedOf, serveCampaigns } from './campaign-server.ts';
import { type Answer, serveForSuite } from './server.ts';

const withoutGraph = serveForSuite((folder) => importTopics(folder), { isBuilt: false });
const { server, put, remove, related, shownTo, others } = serveCampaigns();
const file = (): string => path.join(server.folder.root, 'campaigns.db');

test('without a campaign, promoted slots cost no file, and change nothing', async () => {
  const plain = await related('ann', { promoted: undefined });
  const { body } = await related('ann');
  expect(body.items).toEqual(plain.body.items);
  expect(body).not.toHaveProperty('promoted');
  const explained = (await related('ann', { explain: true })).body.promoted;
  expect(explained.unfilled).toEqual([2, 4].map((slot) => ({ slot, reason: 'no-campaign' })));
  expect(existsSync(file())).toBe(false);
  expect((await server.get('/v1/campaigns')).body).toEqual({ campaigns: [], nextCursor: null });
});

test('a campaign is stored as given, with its defaults, and listed', async () => {
  const [pin] = await others();
  const { status, body } = await put('a', { pins: [pin], bid: bid(400_000), ...budget });
  expect([status, body]).toEqual([
    200,
    {
      id: 'a',
      state: 'running',
      pins: [pin],
      label: 'Promoted',
      targets: { interests: [], pins: [], boards: [], searchTerms: [], excludeInterests: [] },
      surfaces: [],
      bid: { per: 'click', micros: 400_000 },
      dailyBudgetMicros: 10_000_000,
      totalBudgetMicros: null,
      timeZone: 'UTC',
      frequencyCap: { impressions: 3, hours: 24 },
      holdout: 0,
      paused: false,
      start: expect.any(String) as string,
      end: null,
      spentTodayMicros: 0,
      spentMicros: 0,
      createdAt: expect.any(String) as string,
    },
  ]);
  expect((await server.get('/v1/campaigns/a')).body).toEqual(body);
  expect((await server.get('/v1/campaigns')).body.campaigns).toEqual([body]);
});

test('all faults of a campaign are reported at once', async () => {
  const { status, body } = await put('bad', {
    pins: ['nothing', 'bread-0', 'bread-0'],
    targets: { boards: ['nothing'], interests: ['aaaaaaaa'] },
    bid: { per: 'view', micros: -1 },
    dailyBudgetMicros: -1,
    timeZone: 'Mars',
    frequencyCap: { impressions: 0, hours: 24 },
    holdout: 2,
    start: '2026-05-02',
    end: '2026-05-01',
    color: 'red',
  });
  expect(status).toBe(400);
  const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(pointers.toSorted()).toEqual(
    [
      '/pins/0', '/pins/2', '/targets/boards/0', '/targets/interests/0', '/bid/per', '/bid/micros', '/dailyBudgetMicros',
      '/timeZone', '/frequencyCap/impressions', '/holdout', '/end', '/color',
    ].toSorted(), // prettier-ignore
  );
  expect(
    (await put('poor', { pins: ['bread-1'], bid: bid(100), dailyBudgetMicros: 99 })).body.errors,
  ).toMatchObject([{ pointer: '/dailyBudgetMicros', detail: 'is less than one bid' }]);
});

test('interests of a campaign need a graph, and nothing else does; a paused one needs none of its keys', async () => {
  const send = async (targets: object, more: object = {}): Promise<unknown> => {
    const body = JSON.stringify({ pins: ['bread-1'], bid: bid(100), ...budget, targets, ...more });
    const headers = { 'content-type': 'application/json' };
    const answer = await withoutGraph.get('/v1/campaigns/x', { method: 'PUT', headers, body });
    return answer.body.code ?? answer.status;
  };
  expect(await send({ interests: ['aaaaaaaa'] })).toBe('graph-not-ready');
  expect(await send({ pins: ['bread-2'] })).toBe(200);
  expect(await send({ interests: ['aaaaaaaa'] }, { pins: ['deleted'], paused: true })).toBe(200);
  expect(await send({}, { pins: ['deleted'], paused: false })).toBe('invalid-request');
  expect(await send({}, { pins: ['bread-1', 'bread-1'], paused: true })).toBe('invalid-request');
});

test('settings that decide about ledger and holdout stay once a campaign has begun', async () => {
  const [pin] = await others();
  const a = { pins: [pin], bid: bid(400_000), ...budget };
  for (const change of [{ bid: bid(400_000, 'save') }, { timeZone: 'Asia/Tokyo' }, { holdout: 0.1 }])
    expect((await put('a', { ...a, ...change })).body.code).toBe('conflict');
  expect((await put('a', { ...a, bid: bid(300_000) })).status).toBe(200);
});

test('promoted slots need a viewer, pins, and ascending ranks', async () => {
  const request = { query: [{ pin: 'bread-0' }], promoted: { slots: [2, 2] } };
  const { body } = await server.post('/v1/recommendations', { ...request, target: 'boards' });
  const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer);
  expect(new Set(pointers)).toEqual(new Set(['/promoted', '/promoted/slots']));
});

test('a dry run stores nothing, and says whom the campaign could reach by the log', async () => {
  const [pin] = await others();
  const dayMs = 86_400_000;
  const now = Date.now() + server.skippedMs;
  const rows = Array.from({ length: 14 }, (_, day) =>
    Array.from({ length: 5 }, (__, person) => ({
      kind: 'impression',
      user: `reader-${person}`,
      pin: person < 3 ? 'bread-3' : 'rock-3',
      at: now - (day + 1) * dayMs,
      recommendationId: `list-${day}-${person}`,
      surface: 'home',
    })),
  ).flat();
  await server.post('/v1/interactions', rows);
  const trial = { pins: [pin], bid: bid(400_000), ...budget, surfaces: ['home'] };
  const all = (await put('trial', trial, '?dryRun=true')).body;
  expect(all.reach).toMatchObject({ days: 14, people: { value: 5 }, impressions: { value: 35 } });
  const capped = { ...trial, targets: { pins: ['bread-3'] }, frequencyCap: { impressions: 2, hours: 168 } };
  const { reach } = (await put('trial', capped, '?dryRun=true')).body;
  expect(reach).toMatchObject({ people: { value: 3 }, impressions: { value: 6, low: 6, high: 6 } });
  const targets = { pins: ['bread-3', 'gone'], boards: ['gone'], interests: ['aaaaaaaa'] };
  const stopped = (await put('trial', { ...trial, targets, paused: true }, '?dryRun=true')).body;
  expect(stopped.reach).toMatchObject({ people: { value: 3 } });
  expect((await server.get('/v1/campaigns/trial')).status).toBe(404);
});

test('a damaged ledger is reported with its remedy, and lists have no promoted pins', async () => {
  expect(await shownTo('before')).toHaveLength(1);
  for (const suffix of ['-wal', '-shm']) rmSync(file() + suffix, { force: true });
  writeFileSync(file(), 'x'.repeat(4_096));
  for (const answer of [
    await server.get('/v1/campaigns'),
    await server.get('/v1/campaigns/a'),
    await remove('a'),
    await put('a', { pins: ['bread-1'], bid: bid(100), ...budget }),
  ]) {
    expect([answer.status, answer.body.code]).toEqual([503, 'storage-unavailable']);
  }
  expect((await server.get('/v1/campaigns')).body.detail).toContain('restore campaigns.db from a backup');
  const { status, body } = await related('after');
  expect([status, promotedOf({ body } as Answer)]).toEqual([200, []]);
  // Each list says so to whoever asks, and the log once.
  for (const viewer of ['x1', 'x2', 'x3']) {
    const { unfilled } = (await related(viewer, { explain: true })).body.promoted;
    expect(unfilled).toEqual([2, 4].map((slot) => ({ slot, reason: 'unavailable' })));
  }
  const said = server.faults.filter((fault) => fault.startsWith('lists are sent without promoted pins'));
  expect(said.length).toBeGreaterThan(0);
  expect(new Set(said).size).toBe(said.length);
});
