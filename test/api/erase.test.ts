import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import {
  type DataFolder,
  SaveWriter,
  buildSnapshot,
  importFiles,
  listSnapshots,
} from '../../graph-data/index.ts';
import { assertTextIndexIsRight, writeInput } from '../data-folders.ts';
import { type Answer, type TestServer, serveForSuite } from './server.ts';

/** An erased person is in no file under the data folder; others lose nothing. */

const person = (name: string): string => `${name}-${randomBytes(12).toString('hex')}`;
const ann = person('ann');
const bea = person('bea');
const cut = person('cut');
const last = person('last');
const others = 400;

/** Enough rows between those of the person to split index pages, which leaves copies behind. */
async function fill(folder: DataFolder): Promise<void> {
  const saves = Array.from({ length: others }, (_, i) => ({
    user: `${'abcdefgh'[i % 8]}${i}-${'x'.repeat(60)}`,
    board: `${'abcdefgh'[i % 8]}${i}/board-${'x'.repeat(60)}`,
    pin: `pin-${i % 20}`,
  }));
  const of = [ann, bea, cut].flatMap((user) => [
    { user, board: `board of ${user}`, pin: 'pin-1' },
    { user, board: `board of ${user}`, pin: `only ${user.slice(0, 3)}` },
    { user, pin: 'pin-2' },
    // Rejected: not a time.
    { user, pin: 'pin-3', savedAt: 'never' },
  ]);
  const lines = [...saves.slice(0, 200), ...of, ...saves.slice(200)].map((save) => JSON.stringify(save));
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', [...lines, JSON.stringify({ user: 'x', savedAt: 'never' })].join('\n')),
    writeInput(folder, 'users.csv', `user,name\n${ann},"Name of ${ann}"\n`),
  ]);
}
const server = serveForSuite(fill);
const small = serveForSuite(async (folder) =>
  importFiles(folder, [
    writeInput(folder, 's.jsonl', JSON.stringify({ user: last, board: `b ${last}`, pin: 'pin' })),
  ]),
);

/** Names of the files whose bytes contain the text. */
function filesWith(text: string, { root }: DataFolder): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text))
    .map((file) => path.basename(file));
}

const erase = (user: string, on: TestServer = server): Promise<Answer> =>
  on.get(`/v1/users/${encodeURIComponent(user)}`, { method: 'DELETE' });

async function ended(job: Answer, on: TestServer = server): Promise<Answer['body']> {
  expect(job.status).toBe(202);
  const state = async () => (await on.get(`/v1/jobs/${job.body.id}`)).body;
  await expect.poll(async () => (await state()).state).not.toBe('running');
  return state();
}

const writeAs = (method: string, at: string, body: unknown): Promise<Answer> =>
  server.get(at, {
    method,
    headers: { 'content-type': 'application/json', 'idempotency-key': `key-${method}-${ann}` },
    body: JSON.stringify(body),
  });

describe('a person', () => {
  test('an export has everything about a person', async () => {
    expect((await writeAs('PUT', `/v1/users/${ann}`, { attributes: { name: `Ann ${ann}` } })).status).toBe(
      200,
    );
    const save = { user: ann, board: `new board of ${ann}`, pin: 'pin-4', savedAt: 1_779_000_000, weight: 2 };
    expect((await writeAs('POST', '/v1/saves', save)).status).toBe(201);
    const { status, body } = await server.get(`/v1/users/${ann}/export`);
    expect(status).toBe(200);
    expect(body).toEqual({
      user: ann,
      exportedAt: expect.any(String),
      attributes: { name: `Ann ${ann}` },
      boards: [
        {
          board: `board of ${ann}`,
          title: null,
          attributes: {},
          saves: ['pin-1', 'only ann'].map((pin) => ({ pin, savedAt: null, weight: null })),
        },
        { board: ann, title: null, attributes: {}, saves: [{ pin: 'pin-2', savedAt: null, weight: null }] },
        {
          board: `new board of ${ann}`,
          title: null,
          attributes: {},
          saves: [{ pin: 'pin-4', savedAt: '2026-05-17T06:40:00.000Z', weight: 2 }],
        },
      ],
      hiddenInterests: [],
      interactions: [],
      channels: [],
      notifications: [],
      promoted: { impressions: [], hidden: [] },
    });
  });

  test('an export is complete beyond one page of saves', async () => {
    const pins = Array.from({ length: 2_000 }, (_, i) => `many ${i}`);
    await server.post(
      '/v1/saves',
      pins.map((pin) => ({ user: 'many', board: 'many', pin })),
    );
    const { boards } = (await server.get('/v1/users/many/export')).body;
    expect(boards[0].saves.map(({ pin }: { pin: string }) => pin)).toEqual(pins);
  });

  test('an unknown person can be neither exported nor erased', async () => {
    expect((await server.get('/v1/users/nobody/export')).body).toMatchObject({ code: 'unknown-user' });
    expect((await erase('nobody')).body).toMatchObject({ status: 404, code: 'unknown-user' });
  });

  test('an erased person is in no file, and others lose nothing', async () => {
    const { folder, graphs } = server;
    await buildSnapshot(folder, () => performance.now());
    const page = await server.post('/v1/recommendations', { query: [{ user: ann }, { pin: 'pin-5' }] });
    const shown = await server.post('/v1/recommendations', { query: [{ pin: 'pin-1' }], target: 'users' });
    expect(shown.body.items.map(({ user }: { user: string }) => user)).toContain(ann);
    const kept = await server.post('/v1/recommendations', { query: [{ pin: 'pin-6' }], target: 'boards' });
    expect(filesWith(ann, folder)).toEqual(
      expect.arrayContaining(['pinwalk.db', 'pinwalk.db-wal', 'saves.jsonl.rejects.jsonl']),
    );
    const before = listSnapshots(folder).map(({ version }) => version);
    const counts = (await server.get('/v1/pins/pin-1')).body.counts.saves;

    const job = await ended(await erase(ann));
    expect(job).toMatchObject({ kind: 'erase', state: 'done', problem: null });
    expect(job.result).toEqual({
      rows: { users: 1, boards: 3, saves: 4, idempotencyRecords: 2 },
      rejects: { rows: 1, files: 0 },
      interactions: 0,
      notifications: { channels: 0, notifications: 0 },
      promotions: { impressions: 0, charges: 0, hides: 0 },
      presets: 0,
      keptAnswers: 2,
      graph: { saves: 4 },
      snapshots: { built: graphs.version, dropped: expect.arrayContaining(before) },
      events: expect.any(Number),
      database: { rewritten: true, logEmptied: true },
    });
    expect(JSON.stringify(job)).not.toContain(ann);
    expect(filesWith(ann, folder)).toEqual([]);
    expect(filesWith(bea, folder)).toEqual(expect.arrayContaining(['saves.jsonl.rejects.jsonl']));
    expect(listSnapshots(folder)).toEqual([
      expect.objectContaining({ version: graphs.version, active: true }),
    ]);

    expect((await server.get(`/v1/users/${ann}`)).status).toBe(404);
    expect((await server.get('/v1/pins/pin-1')).body.counts.saves).toBe(counts - 1);
    expect((await server.get('/v1/pins/only%20ann')).body).toMatchObject({ counts: { saves: 0 } });
    const next = async (answer: Answer) =>
      (await server.get(`/v1/recommendations/${answer.body.recommendationId}/next`, { method: 'POST' }))
        .status;
    expect([await next(page), await next(shown), await next(kept)]).toEqual([404, 404, 200]);
    assertTextIndexIsRight(folder);
    const database = openDatabase(folder);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
    expect((await erase(ann)).status).toBe(404);
  });

  test('a person disappears from recommendations before the erase job ends, and returns as a new user', async () => {
    const usersOf = async (pin: string): Promise<string[]> => {
      const { body } = await server.post('/v1/recommendations', {
        query: [{ pin }],
        target: 'users',
        limit: 1_000,
      });
      return body.items.map(({ user }: { user: string }) => user);
    };
    expect(await usersOf('only bea')).toContain(bea);
    const { version } = server.graphs;
    const job = await erase(bea);
    expect((await erase(bea)).body).toMatchObject({ status: 409, code: 'conflict' });
    expect((await erase(cut)).body).toMatchObject({ status: 409, code: 'conflict' });
    expect((await server.post('/v1/snapshots', {})).body).toMatchObject({ code: 'conflict' });
    await expect.poll(async () => (await server.get(`/v1/users/${bea}`)).status).toBe(404);
    if (server.graphs.version === version) expect(await usersOf('only bea')).toEqual([]);
    expect((await ended(job)).state).toBe('done');
    expect(await usersOf('only bea')).toEqual([]);
    expect(filesWith(bea, server.folder)).toEqual([]);
    await server.post('/v1/saves', { user: bea, board: 'a new one', pin: 'pin-1' });
    expect((await server.get(`/v1/users/${bea}/export`)).body.boards).toHaveLength(1);
  });

  test('a repeated request completes an erasure that was interrupted after the rows were gone', async () => {
    const { folder } = server;
    const writer = SaveWriter.open(folder, { busyMs: 5_000 });
    expect(writer.erase(cut, 0)).toMatchObject({ users: 1, boards: 2, saves: 3 });
    writer.close();
    const job = await ended(await erase(cut));
    expect(job).toMatchObject({ state: 'done', result: { rows: { users: 0 }, rejects: { rows: 1 } } });
    expect(filesWith(cut, folder)).toEqual([]);
    expect((await erase(cut)).status).toBe(404);
  });

  test('the erasure of the only person with saves leaves no snapshot', async () => {
    const { folder } = small;
    expect(filesWith(last, folder)).not.toEqual([]);
    const job = await ended(await erase(last, small), small);
    expect(job).toMatchObject({ state: 'done', result: { snapshots: { built: null } } });
    expect(filesWith(last, folder)).toEqual([]);
    expect(listSnapshots(folder)).toEqual([]);
    expect((await small.get('/v1/pins/pin/related')).body).toMatchObject({ items: [] });
  });
});
