import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { importSaves } from '../data-folders.ts';
import { type Answer, serveForSuite } from './server.ts';

const fill = ['ann pasta basil'];
const server = serveForSuite((folder) => importSaves(folder, fill));
const crowded = serveForSuite((folder) => importSaves(folder, fill), {
  isBuilt: false,
  writing: { changesMax: 1_000, busyMs: 60_000 },
  limits: { requestMsMax: 1_000, checkMs: 50 },
});

const limited = serveForSuite((folder) => importSaves(folder, fill), { settings: { rateLimitPerMinute: 4 } });

const stream = (lines: readonly string[] | ReadableStream, method = 'POST', on = server): Promise<Answer> =>
  on.get('/v1/saves', {
    method,
    headers: { 'content-type': 'application/x-ndjson' },
    ...(Array.isArray(lines)
      ? { body: lines.join('\n') }
      : { body: lines as ReadableStream, duplex: 'half' as const }),
  });
const line = (user: string, board: string, pin: string): string => JSON.stringify({ user, board, pin });

describe('a stream of saves', () => {
  test('a stream is written line by line; invalid lines are reported and do not affect the others', async () => {
    const response = await stream([
      line('leo', 'l', 'p1'),
      '',
      '{"user":',
      line('leo', 'pasta', 'p2'),
      '{"user":"leo"}',
      line('leo', 'l', 'p1'),
      '{"user":"leo","pin":"p3","__proto__":1}',
      line('leo', 'l', 'p4'),
    ]);
    expect([response.status, response.body]).toEqual([
      201,
      {
        added: 2,
        present: 1,
        rejected: 4,
        rejects: [
          { line: 3, detail: 'is not valid JSON' },
          { line: 4, detail: 'board "pasta" belongs to another user' },
          { line: 5, detail: expect.stringContaining('/pin') as string },
          { line: 7, detail: expect.stringContaining('__proto__') as string },
        ],
      },
    ]);
    const removed = await stream([line('leo', 'l', 'p4'), line('leo', 'l', 'p9')], 'DELETE');
    expect([removed.status, removed.body]).toEqual([
      200,
      { removed: 1, absent: 1, rejected: 0, rejects: [] },
    ]);
  });

  test('a stream of 30,000 saves is stored entirely', async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => line('mia', `m${i % 100}`, `mp${i}`));
    expect((await stream(lines)).body).toEqual({ added: 30_000, present: 0, rejected: 0, rejects: [] });
    expect((await server.get('/v1/users/mia')).body.counts).toEqual({ boards: 100, saves: 30_000 });
    expect((await stream(lines)).body).toMatchObject({ added: 0, present: 30_000 });
  });

  test('a stream may exceed the time limit of requests, and waits while the write queue is full', async () => {
    const encoder = new TextEncoder();
    const slow = new ReadableStream({
      start: async (controller) => {
        for (let i = 0; i < 5; i++) {
          controller.enqueue(encoder.encode(`${line('nia', 'n', `np${i}`)}\n`));
          await pause(250);
        }
        controller.close();
      },
    });
    expect((await stream(slow, 'POST', crowded)).body).toMatchObject({ added: 5 });
    const other = openDatabase(crowded.folder);
    other.exec('BEGIN IMMEDIATE');
    const many = Array.from({ length: 900 }, (_, i) => ({ user: 'ann', pin: `a${i}` }));
    const first = crowded.post('/v1/saves', many);
    const metrics = async (): Promise<string> => (await crowded.get('/metrics')).body;
    await expect.poll(metrics).toContain('pinwalk_changes_waiting 900\n');
    const second = await crowded.post('/v1/saves', many);
    expect(second).toMatchObject({ status: 503, body: { code: 'overloaded' } });
    expect(second.headers.get('retry-after')).toBe('1');
    const streamed = stream(
      Array.from({ length: 900 }, (_, i) => line('ann', 'ann', `a${i}`)),
      'POST',
      crowded,
    );
    await pause(100);
    other.close();
    expect((await first).body).toMatchObject({ added: 900 });
    expect((await streamed).body).toMatchObject({ present: 900 });
  });

  test('a stream leaves turns of the event loop to other requests, also when all of its lines are invalid', async () => {
    const turns = vi.spyOn(server.turns, 'next');
    onTestFinished(() => turns.mockRestore());
    expect((await stream(Array<string>(10_000).fill('{}'))).body).toMatchObject({ rejected: 10_000 });
    // After each 1,000 lines, which the writer thread parses.
    expect(turns.mock.calls.length).toBeGreaterThan(5);
  });

  test('a stream counts as a call per 1,000 lines, and waits at the rate limit', async () => {
    const lines = Array.from({ length: 4_000 }, (_, i) => line('ria', 'r', `rp${i}`));
    let isStreamed = false;
    const streamed = stream(lines, 'POST', limited).finally(() => (isStreamed = true));
    await expect.poll(async () => (await limited.get('/v1/graph')).status).toBe(429);
    expect(isStreamed).toBe(false);
    limited.skippedMs += 60_000;
    expect((await streamed).body).toMatchObject({ added: 4_000 });
  });

  test('a stream that fails to write says how many lines are written', async () => {
    const other = openDatabase(server.folder);
    other.exec('BEGIN IMMEDIATE');
    const response = await stream([line('oda', 'o', 'p')]);
    other.close();
    expect(response).toMatchObject({
      status: 503,
      body: { code: 'storage-unavailable', detail: expect.stringContaining('lines up to 0') as string },
    });
  });

  test('an aborted stream keeps its written lines, and the server continues', async () => {
    const encoder = new TextEncoder();
    const controller = new AbortController();
    const endless = new ReadableStream({
      start: (sink) => {
        for (let i = 0; i < 25_000; i++) sink.enqueue(encoder.encode(`${line('pia', 'p', `pp${i}`)}\n`));
      },
    });
    const response = server.get('/v1/saves', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      ...({ body: endless, duplex: 'half', signal: controller.signal } as RequestInit),
    });
    const saved = async (): Promise<number> =>
      ((await server.get('/v1/users/pia')).body.counts?.saves as number | undefined) ?? 0;
    await expect.poll(saved).toBeGreaterThanOrEqual(10_000);
    controller.abort();
    await expect(response).rejects.toThrow(/abort/);
    expect((await server.post('/v1/saves', { user: 'pia', pin: 'last' })).status).toBe(201);
    expect(server.logLines.join('')).not.toContain('unexpected');
  });
});
