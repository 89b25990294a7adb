import { expect, test } from 'vitest';
import { fetchChanges } from '../../api/runtime/replica/index.ts';
import { importSaves } from '../data-folders.ts';
import { keyFor } from './keys.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']));
const start = 6;

interface Line {
  readonly position: number;
  readonly kind: string;
  readonly [field: string]: unknown;
}

async function read(query: string): Promise<{ lines: Line[]; upTo: number; newest: number }> {
  const { status, headers, body } = await server.get(`/v1/changes?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  expect(headers.get('content-type')).toBe('application/x-ndjson');
  const lines = String(body ?? '')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
  const number = (name: string): number => Number(headers.get(name));
  return { lines, upTo: number('pinwalk-position'), newest: number('pinwalk-newest-position') };
}

async function savePin(pin: string): Promise<number> {
  const { status, headers } = await server.post('/v1/saves', { user: 'ann', board: 'pasta', pin });
  expect(status).toBe(201);
  return Number(headers.get('pinwalk-position'));
}

test('a follower reads every change once, page by page, up to the position of the last write', async () => {
  let written = start;
  for (let i = 0; i < 20; i++) written = await savePin(`pin ${i}`);
  expect(written).toBe(start + 40);
  const seen: Line[] = [];
  let after = start;
  while (after < written) {
    const { lines, upTo, newest } = await read(`after=${after}&limit=7`);
    expect(newest).toBe(written);
    seen.push(...lines);
    // Six of seven: the page ends with a commit.
    expect(lines).toHaveLength(Math.min(6, written - after));
    after = upTo;
  }
  expect(seen.map(({ position }) => position)).toEqual(Array.from({ length: 40 }, (_, i) => start + i + 1));
  expect(seen.filter(({ kind }) => kind === 'save').map(({ pin }) => pin)).toEqual(
    Array.from({ length: 20 }, (_, i) => `pin ${i}`),
  );
  expect(await read(`after=${written}`)).toEqual({ lines: [], upTo: written, newest: written });
});

test('a request waits for the next change', async () => {
  const { newest } = await read(`after=${start}&limit=1`);
  const waiting = read(`after=${newest}&waitMs=30000`);
  const written = await savePin('awaited');
  expect((await waiting).lines.map(({ kind }) => kind)).toEqual(['pin', 'save']);
  expect((await waiting).upTo).toBe(written);
  expect((await read(`after=${written}&waitMs=10`)).lines).toEqual([]);
});

test('a position that the log does not reach says to start anew', async () => {
  for (const after of [0, start - 1, 1_000_000]) {
    const { status, body } = await server.get(`/v1/changes?after=${after}`);
    expect(status).toBe(410);
    expect(body).toMatchObject({ code: 'position-gone', detail: expect.stringContaining('start anew') });
  }
});

test('a read waits for the position of its header, and states the one that it has', async () => {
  const written = await savePin('own');
  const path = '/v1/boards/pasta/saves?limit=1000';
  const pastWrite = await server.get(path, { headers: { 'pinwalk-position': String(written) } });
  expect(JSON.stringify(pastWrite.body)).toContain('"own"');
  expect(Number(pastWrite.headers.get('pinwalk-position'))).toBeGreaterThanOrEqual(written);
  const ahead = server.get(path, { headers: { 'pinwalk-position': String(written + 2) } });
  await savePin('next');
  expect(JSON.stringify((await ahead).body)).toContain('"next"');
  expect((await server.get(path)).headers.get('pinwalk-position')).toBeNull();
});

test('a position that is not reached in time is a problem, and one that is no number is a fault', async () => {
  const path = '/v1/pins/basil/related';
  const early = await server.get(path, { headers: { 'pinwalk-position': '900000000000000' } });
  expect(early).toMatchObject({ status: 503, body: { code: 'position-not-reached' } });
  expect(early.headers.get('retry-after')).toBe('1');
  for (const text of ['-1', 'x', '1.5', '1'.repeat(16)]) {
    const bad = await server.get(path, { headers: { 'pinwalk-position': text } });
    expect(bad.body).toMatchObject({ status: 400, errors: [{ pointer: '/Pinwalk-Position' }] });
  }
});

test('streams, removals and attributes return their positions', async () => {
  const headers = { 'content-type': 'application/x-ndjson' };
  const lines = '{"user":"ann","board":"pasta","pin":"s1"}\n{"user":"ann","board":"pasta","pin":"s2"}\n';
  const stream = await server.get('/v1/saves', { method: 'POST', headers, body: lines });
  const put = await server.get('/v1/pins/s1', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: '{"title":"S"}',
  });
  const removal = await server.get('/v1/pins/s2', { method: 'DELETE' });
  const positions = [stream, put, removal].map((each) => Number(each.headers.get('pinwalk-position')));
  expect(positions.map((position) => position - positions[0]!)).toEqual([0, 1, 3]);
});

// The last test: from here on, requests need keys.
test('a replica whose writer refuses its key says which variable has to hold another one', async () => {
  const [admin, reading] = [keyFor(server, 'admin').key, keyFor(server, 'read').key];
  const query = { after: start, mark: undefined, limit: 1, waitMs: 0 };
  const fetched = async (key?: string): ReturnType<typeof fetchChanges> =>
    fetchChanges(server.url, key, query, new AbortController().signal);
  const remedy = '; PINWALK_WRITER_KEY has to be a key of its scope admin';
  for (const [key, refusal] of [
    [undefined, '401 missing-key'],
    [`${admin}x`, '401 invalid-key'],
    [reading, '403 insufficient-scope'],
  ] as const) {
    const { state, detail } = (await fetched(key)) as { state: string; detail: string };
    expect(state).toBe('failed');
    expect(detail.startsWith(`${server.url} responds ${refusal}: `), detail).toBe(true);
    expect(detail.endsWith(remedy), detail).toBe(true);
  }
  expect(await fetched(admin)).toMatchObject({ state: 'changes', upTo: start + 1 });
  const elsewhere = await fetchChanges(
    server.url,
    admin,
    { ...query, after: 0 },
    new AbortController().signal,
  );
  expect(elsewhere).toMatchObject({ state: 'gone', detail: expect.not.stringContaining(remedy) as unknown });
});
