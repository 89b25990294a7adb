import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createKey, listMonths, monthFile, readInteractions } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { type TestServer, serveForSuite } from './server.ts';

const saves = ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad leek', 'cat soup leek'];
const server = serveForSuite((folder) => importSaves(folder, saves));
let key = '';
const locked = serveForSuite(async (folder) => {
  await importSaves(folder, saves);
  key = createKey(folder, { scope: 'read' }, (count) => Buffer.alloc(count, 7), 0).key;
});
const recorded = (on: TestServer, user: string): unknown[] =>
  [...readInteractions(on.folder, user)].map((row) => JSON.parse(JSON.stringify(row)) as unknown);

test('records the items of a list and of its next page, for the user of the query', async () => {
  const query = [{ user: 'cat' }];
  const first = await server.post('/v1/recommendations', { query, limit: 1, record: true });
  expect(first.status).toBe(200);
  const { recommendationId, items } = first.body;
  const [{ pin, score }] = items;
  expect(recorded(server, 'cat')).toEqual([
    expect.objectContaining({
      kind: 'impression',
      user: 'cat',
      pin,
      recommendationId,
      pipeline: 'feed',
      rank: 1,
      score,
    }),
  ]);
  await server.post('/v1/recommendations', { query, limit: 1 });
  expect(recorded(server, 'cat')).toHaveLength(1);
  const next = await server.post(`/v1/recommendations/${recommendationId}/next`, undefined);
  expect(next.body.items.length).toBeGreaterThan(0);
  expect(recorded(server, 'cat')).toHaveLength(1 + next.body.items.length);
});

test('records lists of a batch as their requests say', async () => {
  const query = [{ pin: 'basil' }];
  const requests = [
    { query, limit: 1, record: { user: 'dan', surface: 'home', arm: 'b' } },
    { query, limit: 1 },
    { query: [{ pin: 'nothing' }], record: { user: 'dan' } },
  ];
  const { body } = await server.post('/v1/recommendations/batch', { requests });
  const { recommendationId } = body.answers[0].answer;
  expect(recorded(server, 'dan')).toEqual([
    expect.objectContaining({
      recommendationId,
      surface: 'home',
      arm: 'b',
      pin: 'tomato',
      pipeline: 'related',
    }),
  ]);
});

test.each([
  ['for nobody', { query: [{ pin: 'basil' }], record: true }, '/record'],
  ['of boards', { query: [{ user: 'cat' }], target: 'boards', record: true }, '/record'],
  ['with an unknown field', { query: [{ user: 'cat' }], record: { user: 'cat', rank: 1 } }, '/record/rank'],
  ['with false', { query: [{ user: 'cat' }], record: false }, '/record'],
])('refuses to record %s', async (_, body, pointer) => {
  const refused = await server.post('/v1/recommendations', body);
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, pointer]);
});

test('diagnostics of a walk record nothing', async () => {
  const refused = await server.post('/v1/walks', { query: [{ user: 'cat' }], record: true });
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/record']);
});

test('a key that may not write records nothing; a list that cannot be recorded is not sent', async () => {
  const body = JSON.stringify({ query: [{ user: 'cat' }], record: true });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
  const refused = await locked.get('/v1/recommendations', { method: 'POST', headers, body });
  expect([refused.status, refused.body.code]).toEqual([403, 'insufficient-scope']);
  const [month] = listMonths(server.folder);
  const database = new SqliteDatabase(path.resolve(monthFile(server.folder, month!)));
  database.exec('BEGIN IMMEDIATE');
  const failed = await server.post('/v1/recommendations', JSON.parse(body));
  database.exec('ROLLBACK');
  database.close();
  expect([failed.status, failed.body.code]).toEqual([503, 'storage-unavailable']);
});
