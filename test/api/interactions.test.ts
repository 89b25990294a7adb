import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type StoredInteraction, readInteractions } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { type Answer, serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil']));
const old = serveForSuite((folder) => importSaves(folder, ['ann pasta basil']), {
  settings: { interactionDaysKept: 30 },
});
const dayMs = 86_400_000;

const stored = (on = server): StoredInteraction[] => [...readInteractions(on.folder)];
const stream = (lines: readonly string[]): Promise<Answer> =>
  server.get('/v1/interactions', {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.join('\n'),
  });

test('reading and saving create neither a folder nor a thread of interactions', async () => {
  await server.get('/v1/pins/basil/related');
  expect((await server.post('/v1/saves', { user: 'ann', pin: 'leek' })).status).toBe(201);
  expect(existsSync(path.join(server.folder.root, 'interactions'))).toBe(false);
});

test('stores an impression and an action with all their fields, of people and pins that do not exist', async () => {
  const shown = {
    kind: 'impression',
    user: 'nobody',
    pin: 'nothing',
    at: Date.UTC(2026, 4, 17, 9, 30),
    recommendationId: 'r1',
    surface: 'feed',
    pipeline: 'fresh',
    arm: 'b',
    rank: 3,
    score: 0.125,
    propensity: 0.5,
  };
  const bought = {
    id: 'order 1/basil',
    kind: 'purchase',
    user: 'nobody',
    pin: 'nothing',
    at: shown.at + 5,
    value: 9.5,
  };
  const response = await server.post('/v1/interactions', [shown, bought]);
  expect([response.status, response.body]).toEqual([
    202,
    { added: 2, present: 0, results: ['added', 'added'] },
  ]);
  const plain = (row: object): unknown => JSON.parse(JSON.stringify(row));
  expect(stored().map(plain)).toEqual(expect.arrayContaining([shown, bought]));
  expect(readdirSync(path.join(server.folder.root, 'interactions'))).toContain('2026-05.db');
});

test('an interaction sent twice is stored once: by its id, or by its content', async () => {
  const withId = { id: 'twice', kind: 'click', user: 'ann', pin: 'basil' };
  const withTime = { kind: 'click', user: 'ann', pin: 'basil', at: '2026-05-18T10:00:00Z' };
  for (const each of [withId, withTime]) {
    expect((await server.post('/v1/interactions', each)).body).toMatchObject({ added: 1 });
    expect((await server.post('/v1/interactions', [each, each])).body).toMatchObject({
      added: 0,
      present: 2,
    });
  }
  const second = { ...withTime, at: '2026-05-18T10:00:00.001Z' };
  expect((await server.post('/v1/interactions', second)).body).toMatchObject({ added: 1 });
});

test('an id without a time is recognised after midnight', async () => {
  const row = { id: 'over midnight', kind: 'open', user: 'ann', pin: 'basil' };
  expect((await server.post('/v1/interactions', row)).body).toMatchObject({ added: 1 });
  server.skippedMs = dayMs;
  expect((await server.post('/v1/interactions', row)).body).toMatchObject({ added: 0, present: 1 });
  server.skippedMs = 0;
});

test.each([
  ['a time in the future', { at: Date.now() + 2 * 3_600_000 }, '/at', 'is in the future'],
  ['a time before 1990', { at: '1989-12-31' }, '/at', 'is before 1990'],
  ['a day that does not exist', { at: '2026-02-30' }, '/at', 'is neither an ISO 8601 date nor a Unix time'],
  ['a negative value', { value: -1 }, '/value', 'must be at least 0'],
  ['an impossible propensity', { propensity: 1.5 }, '/propensity', 'must be at most 1'],
  ['a long kind', { kind: 'k'.repeat(65) }, '/kind', 'must have at most 64 characters'],
  ['an impression without a pin', { kind: 'impression', pin: undefined }, '/pin', 'is missing'],
  ['an impression with a value', { kind: 'impression', value: 1 }, '/value', 'is only for actions'],
  ['a query of no list', { query: 'rock' }, '/query', 'needs the recommendationId'],
  [
    'a long query',
    { recommendationId: 'r', query: 'q'.repeat(201) },
    '/query',
    'must have at most 200 characters',
  ],
  ['an unknown field', { price: 1 }, '/price', 'there is no parameter'],
])('refuses %s: an array as a whole, a stream line by line', async (_, fields, pointer, detail) => {
  const good = { id: `good ${pointer} ${detail}`, kind: 'click', user: 'ann', pin: 'basil' };
  const bad = { ...good, id: 'bad', ...fields };
  const array = await server.post('/v1/interactions', [good, bad]);
  expect(array.status).toBe(400);
  expect(array.body.errors).toEqual([
    expect.objectContaining({ pointer: `/1${pointer}`, detail: expect.stringContaining(detail) as string }),
  ]);
  expect(stored().some(({ id }) => id === good.id)).toBe(false);
  const lines = await stream([JSON.stringify(bad), JSON.stringify(good)]);
  expect([lines.status, lines.body]).toMatchObject([
    202,
    {
      added: 1,
      present: 0,
      rejected: 1,
      rejects: [{ line: 1, detail: expect.stringContaining(detail) as string }],
    },
  ]);
  expect(stored().some(({ id }) => id === 'bad')).toBe(false);
});

test('bodies that arrive together get their own responses: stored, present, or their faults', async () => {
  const row = (id: string) => ({ id, kind: 'click', user: 'ann', pin: 'basil', at: '2026-05-19' });
  const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<Answer> =>
    server.get('/v1/interactions', { method: 'POST', headers: { 'content-type': type }, body });
  await post(JSON.stringify(row('known')));
  const many = Array.from({ length: 10_000 }, (_, i) => row(`many ${i}`));
  const answers = await Promise.all([
    post(JSON.stringify(many)),
    post(JSON.stringify([row('one'), { ...row('two'), rank: 0 }])),
    post(JSON.stringify([row('known'), row('new')])),
    post(Buffer.from(JSON.stringify(row('wide')), 'utf16le'), 'application/json; charset=utf-16le'),
    post(Buffer.from([0x22, 0xff, 0x22])),
    post('[1,'),
    post('[]'),
    post(''),
    post(JSON.stringify([...many, row('too many')])),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([202, 400, 202, 202, 400, 400, 400, 400, 400]);
  expect(answers[0].body).toMatchObject({ added: 10_000, present: 0 });
  expect(answers[0].body.results).toHaveLength(10_000);
  expect(answers[2].body).toEqual({ added: 1, present: 1, results: ['present', 'added'] });
  const faults = answers.slice(4).map(({ body }) => body.detail as string);
  expect(faults[0]).toBe('the body is not valid UTF-8');
  expect(faults[1]).toBe('the body is not valid JSON');
  expect(faults[4]).toContain('over 10000 elements');
  const ids = new Set(stored().map(({ id }) => id));
  expect(['one', 'two', 'wide', 'many 9999', 'too many'].map((id) => ids.has(id))).toEqual([
    false,
    false,
    true,
    true,
    false,
  ]);
});

test('a stream of 30,000 interactions over three months is stored entirely, once', async () => {
  const lines = Array.from({ length: 30_000 }, (_, i) =>
    JSON.stringify({
      kind: 'impression',
      user: `u${i % 500}`,
      pin: `p${i}`,
      at: Date.UTC(2026, i % 3, 5) + i,
      rank: 1,
    }),
  );
  const before = stored().length;
  expect((await stream([...lines, 'x'])).body).toMatchObject({ added: 30_000, present: 0, rejected: 1 });
  expect((await stream(lines)).body).toMatchObject({ added: 0, present: 30_000, rejected: 0 });
  expect(stored()).toHaveLength(before + 30_000);
});

test('interactions older than the retention are refused, and dropped by the next start', async () => {
  const at = Date.now() - 31 * dayMs;
  const row = { kind: 'click', user: 'ann', pin: 'basil', at };
  const refused = await old.post('/v1/interactions', row);
  expect([refused.status, refused.body.errors[0].detail]).toEqual([
    400,
    'is older than interactions are kept',
  ]);
  expect((await old.post('/v1/interactions', { ...row, at: at + 2 * dayMs })).status).toBe(202);
});

test('a locked month refuses interactions, and takes them afterwards; saves are written meanwhile', async () => {
  const row = { id: 'locked', kind: 'click', user: 'ann', pin: 'basil', at: '2026-05-17' };
  const month = new SqliteDatabase(path.join(server.folder.root, 'interactions/2026-05.db'));
  month.exec('BEGIN IMMEDIATE');
  const refused = await server.post('/v1/interactions', row);
  expect([refused.status, refused.body.code]).toEqual([503, 'storage-unavailable']);
  expect((await server.post('/v1/saves', { user: 'ann', pin: 'sage' })).status).toBe(201);
  month.exec('ROLLBACK');
  month.close();
  expect((await server.post('/v1/interactions', row)).body).toMatchObject({ added: 1 });
});

test('a person who only acted is exported and erased, with every byte; others lose nothing', async () => {
  const erin = `erin-${randomBytes(12).toString('hex')}`;
  const rows = Array.from({ length: 700 }, (_, i) => ({
    kind: 'click',
    user: i % 7 === 0 ? erin : `other-${i}-${'x'.repeat(80)}`,
    pin: `p${i}`,
    recommendationId: `list-${i % 7 === 0 ? erin : i}`,
    ...(i % 7 === 0 && { query: `what ${erin} typed` }),
    at: Date.UTC(2026, i % 2 === 0 ? 4 : 3, 1 + (i % 25), 1) + i,
  }));
  expect((await server.post('/v1/interactions', rows)).body).toMatchObject({ added: 700 });
  const others = stored().length - 100;
  const { body } = await server.get(`/v1/users/${erin}/export`);
  expect(body).toMatchObject({ user: erin, attributes: {}, boards: [] });
  expect(body.interactions).toHaveLength(100);
  expect(body.interactions).toContainEqual({ ...rows[0], at: new Date(rows[0]!.at).toISOString() });

  const job = await server.get(`/v1/users/${erin}`, { method: 'DELETE' });
  expect(job.status).toBe(202);
  const state = async () => (await server.get(`/v1/jobs/${job.body.id}`)).body;
  await expect.poll(async () => (await state()).state).toBe('done');
  expect((await state()).result).toMatchObject({ interactions: 100, rows: { users: 0 } });
  expect((await server.get(`/v1/users/${erin}/export`)).status).toBe(404);
  expect(stored()).toHaveLength(others);
  const files = readdirSync(server.folder.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  expect(files.filter((file) => readFileSync(file).includes(erin))).toEqual([]);
});
