import { randomBytes } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { importTopics } from '../topics.ts';
import { type Answer, serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importTopics(folder));
const hourMs = 3_600_000;
/** 23:30 in Berlin, in winter. */
const evening = Date.UTC(2027, 0, 20, 22, 30);
const put = async (id: string, more: object = {}): Promise<Answer> =>
  server.get(`/v1/campaigns/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      pins: ['bread-15'],
      bid: { per: 'click', micros: 400_000 },
      dailyBudgetMicros: 10_000_000,
      timeZone: 'Europe/Berlin',
      frequencyCap: { impressions: 1_000, hours: 24 },
      ...more,
    }),
  });

beforeAll(async () => {
  server.skippedMs = evening - Date.now();
});

/** The token of a promoted pin, shown to somebody; undefined if there is none. */
async function shown(user: string): Promise<string | undefined> {
  const { body } = await server.post('/v1/recommendations', {
    query: [{ pin: 'bread-0' }],
    limit: 2,
    viewer: user,
    promoted: { slots: [1] },
  });
  return body.items[0].promoted?.token as string | undefined;
}

async function act(user: string, promoted: string | undefined, more: object = {}): Promise<Answer> {
  return server.post('/v1/interactions', { kind: 'click', user, pin: 'bread-15', promoted, ...more });
}

const reportOf = async (id: string) => (await server.get(`/v1/campaigns/${id}/report`)).body;
const spentOf = async (id: string): Promise<[today: number, all: number]> => {
  const { spentTodayMicros, spentMicros } = (await server.get(`/v1/campaigns/${id}`)).body;
  return [spentTodayMicros, spentMicros];
};
const start = async (id: string, more: object = {}): Promise<void> => {
  for (const { id: old } of (await server.get('/v1/campaigns')).body.campaigns)
    await server.get(`/v1/campaigns/${old}`, { method: 'DELETE' });
  expect((await put(id, more)).status).toBe(200);
};
/** Without another campaign, an action costs the reserve. */
const price = 10_000;

test('a server that recorded interactions before its first campaign knows its tokens, and who hid its pins', async () => {
  const hide = async (user: string): Promise<number> =>
    (await server.post('/v1/interactions', { kind: 'hide', user, pin: 'bread-15' })).status;
  expect(await hide('early')).toBe(202);
  expect((await act('ann', randomBytes(32).toString('base64url'))).status).toBe(400);
  await start('first');
  expect(await shown('early')).toBeUndefined();
  const token = await shown('late');
  expect(await hide('late')).toBe(202);
  expect(await shown('late')).toBeUndefined();
  expect((await act('late', token)).status).toBe(202);
  expect(await spentOf('first')).toEqual([price, price]);
});

test('a click is charged once, however often and in whatever form it is sent', async () => {
  await start('once');
  const token = await shown('ann');
  expect((await act('ann', token)).status).toBe(202);
  await act('ann', token);
  await act('ann', token, { id: 'of the application' });
  const line = JSON.stringify({ kind: 'click', user: 'ann', pin: 'bread-15', promoted: token, surface: 'x' });
  await server.get('/v1/interactions', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: `${line}\n${line}\n`,
  });
  expect(await spentOf('once')).toEqual([price, price]);
  const { clicks, uncharged, reach, frequency, prediction, costPerActionMicros } = await reportOf('once');
  expect({ clicks, uncharged, reach, frequency }).toEqual({
    clicks: 1,
    uncharged: {},
    reach: 1,
    frequency: 1,
  });
  expect(prediction).toEqual({ expected: 0.01, actual: 1 });
  expect(costPerActionMicros).toBeNull();
});

test('of an action that the campaign does not pay for, the report knows', async () => {
  const token = await shown('bea');
  await act('bea', token, { kind: 'save' });
  const { saves, uncharged } = await reportOf('once');
  expect([saves, uncharged, await spentOf('once')]).toEqual([1, { 'not-billed': 1 }, [price, price]]);
});

test('a token that this server has not signed is refused, and one of another person or pin costs nothing', async () => {
  const { body, status } = await act('ann', randomBytes(32).toString('base64url'));
  expect([status, body.errors]).toMatchObject([
    400,
    [{ pointer: '/promoted', detail: 'is not a token of this server' }],
  ]);
  const token = await shown('ben');
  await act('thief', token);
  await act('ben', token, { pin: 'bread-14' });
  expect(await spentOf('once')).toEqual([price, price]);
  await act('ben', token);
  expect(await spentOf('once')).toEqual([2 * price, 2 * price]);
  expect((await act('ben', undefined, { address: '192.0.2.1' })).body.errors).toMatchObject([
    { pointer: '/address' },
  ]);
});

test('a click later than a day after its impression costs nothing', async () => {
  await start('late');
  const [early, late] = [await shown('p1'), await shown('p2')];
  server.skippedMs += 24 * hourMs - 60_000;
  await act('p1', early);
  server.skippedMs += 120_000;
  await act('p2', late);
  const { clicks, uncharged, spentMicros } = await reportOf('late');
  expect({ clicks, uncharged, spentMicros }).toEqual({
    clicks: 1,
    uncharged: { late: 1 },
    spentMicros: price,
  });
});

test('the budget of a day is never exceeded, and begins anew at midnight of its zone', async () => {
  server.skippedMs = Date.UTC(2027, 0, 25, 22, 30) - Date.now();
  const micros = price;
  await start('daily', { bid: { per: 'click', micros }, dailyBudgetMicros: 3 * price });
  const tokens = [];
  for (let i = 0; i < 8; i++) tokens.push(await shown(`d${i}`));
  for (const i of [0, 1, 2, 3]) await act(`d${i}`, tokens[i]);
  expect(await spentOf('daily')).toEqual([3 * price, 3 * price]);
  expect((await server.get('/v1/campaigns/daily')).body.state).toBe('spent');
  expect(await shown('d9')).toBeUndefined();
  // Midnight of Berlin, an hour before that of UTC.
  server.skippedMs += hourMs / 2 + 60_000;
  expect(await spentOf('daily')).toEqual([0, 3 * price]);
  for (const i of [4, 5, 6, 7]) await act(`d${i}`, tokens[i]);
  expect(await spentOf('daily')).toEqual([3 * price, 6 * price]);
  const { days, uncharged } = await reportOf('daily');
  expect(days).toMatchObject([
    { day: '2027-01-25', impressions: 8, clicks: 4, spentMicros: 3 * price, reach: 8 },
    { day: '2027-01-26', impressions: 0, clicks: 4, spentMicros: 3 * price, reach: 0 },
  ]);
  expect(uncharged).toEqual({ 'over-budget': 2 });
});

test('the total budget is never exceeded either', async () => {
  await start('total', { totalBudgetMicros: 2 * price, bid: { per: 'click', micros: price } });
  const tokens = [];
  for (let i = 0; i < 4; i++) tokens.push(await shown(`t${i}`));
  await Promise.all(tokens.map(async (token, i) => act(`t${i}`, token)));
  expect(await spentOf('total')).toEqual([2 * price, 2 * price]);
});

test('floods of clicks by one person or one address are bounded', async () => {
  await start('flood', { dailyBudgetMicros: 1_000_000_000 });
  for (let i = 0; i < 8; i++) await act('bot', await shown('bot'));
  expect(await spentOf('flood')).toEqual([5 * price, 5 * price]);
  for (let i = 0; i < 52; i++) await act(`mask-${i}`, await shown(`mask-${i}`), { address: '192.0.2.1' });
  expect(await spentOf('flood')).toEqual([55 * price, 55 * price]);
  expect((await reportOf('flood')).uncharged).toEqual({ flood: 5 });
});

test("a campaign's actions correct the expectations of its next auctions", async () => {
  await start('learner', { dailyBudgetMicros: 1_000_000_000 });
  for (let i = 0; i < 30; i++) await act(`l${i}`, await shown(`l${i}`));
  await shown('last');
  const { auctions, prediction } = await reportOf('learner');
  // 30 clicks where 0.3 were expected: (30 + 5) / (0.3 + 5) of the prior.
  expect(auctions[0].probability).toBeCloseTo((0.01 * 35) / 5.3);
  expect(prediction.actual).toBe(30);
  for (let i = 0; i < 10; i++)
    await server.post('/v1/interactions', { kind: 'hide', user: `l${i}`, pin: 'bread-15' });
  await shown('after');
  expect((await reportOf('learner')).auctions[0].quality).toBeCloseTo(1 - 100 / 131);
});

test('an erasure removes the person from the ledger, and keeps the spend', async () => {
  await start('erased');
  await act('gone', await shown('gone'), { address: '192.0.2.9' });
  await server.post('/v1/interactions', { kind: 'hide', user: 'gone', pin: 'bread-15' });
  const { promoted } = (await server.get('/v1/users/gone/export')).body;
  expect(promoted).toMatchObject({
    impressions: [{ campaign: 'erased', clickedAt: expect.any(String) as string }],
    hidden: ['bread-15'],
  });
  const { body: job } = await server.get('/v1/users/gone', { method: 'DELETE' });
  await expect
    .poll(async () => (await server.get(`/v1/jobs/${job.id}`)).body)
    .toMatchObject({ state: 'done', result: { promotions: { impressions: 1, charges: 1, hides: 1 } } });
  expect((await server.get('/v1/users/gone/export')).status).toBe(404);
  const { reach, spentMicros, clicks } = await reportOf('erased');
  expect({ reach, spentMicros, clicks }).toEqual({ reach: 0, spentMicros: price, clicks: 1 });
});
