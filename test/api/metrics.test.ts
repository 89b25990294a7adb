import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Metrics } from '../../api/index.ts';
import { importSaves } from '../data-folders.ts';
import { type TestServer, serveForSuite } from './server.ts';

const saves = ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad egg'];
const server = serveForSuite((folder) => importSaves(folder, saves));
const empty = serveForSuite((folder) => importSaves(folder, saves), { isLoaded: false });
const withoutQueue = serveForSuite((folder) => importSaves(folder, saves), {
  settings: { queueMsMax: 0 },
  serving: { lightWorkMax: Infinity },
});

const others = {
  check: { last: undefined },
  committed: { current: 0 },
  replica: undefined,
  stream: undefined,
};
const noWrites = { stats: { requests: 0, changes: 0, commits: 0 }, changesWaiting: 0 };

/** Every sample, by name and labels as written. */
async function scrape({ get }: TestServer): Promise<Map<string, number>> {
  const { body } = await get('/metrics');
  const lines = (body as string).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

/** A request is counted at the end of its response, which the client may receive earlier. */
async function countOf(labels: string): Promise<number> {
  return (await scrape(server)).get(`pinwalk_request_seconds_count{${labels}}`) ?? 0;
}

describe('GET /metrics', () => {
  test('GET /metrics is in the text format of Prometheus', async () => {
    const { headers, body, status } = await server.get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const sample = /^[a-z][a-z0-9_]*(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? (-?[\d.e+-]+|NaN|\+Inf)$/;
    for (const line of (body as string).trimEnd().split('\n')) {
      if (line !== '' && !line.startsWith('# ')) expect(line).toMatch(sample);
    }
  });

  test('metrics count requests by route, method and status', async () => {
    const ok = 'route="/v1/pins/{pin}/related",method="GET",status="2xx"';
    const bad = 'route="/v1/pins/{pin}/related",method="GET",status="4xx"';
    const [before, badBefore] = [await countOf(ok), await countOf(bad)];
    await server.get('/v1/pins/basil/related');
    await server.get('/v1/pins/tomato/related');
    await server.get('/v1/pins/nowhere/related');
    await expect.poll(async () => countOf(ok)).toBe(before + 2);
    await expect.poll(async () => countOf(bad)).toBe(badBefore + 1);
    const samples = await scrape(server);
    expect(samples.get(`pinwalk_request_seconds_bucket{le="+Inf",${ok}}`)).toBe(before + 2);
    expect(samples.get(`pinwalk_request_seconds_sum{${ok}}`)).toBeGreaterThan(0);
  });

  test('unknown paths share one label', async () => {
    for (const no of ['/a', '/b/c', '/v1/pins', '/%00', '/__proto__']) await server.get(no);
    await server.get('/v1/pins/basil/related', { method: 'DELETE' });
    const unknown = 'route="unknown",method="GET",status="4xx"';
    await expect.poll(async () => countOf(unknown)).toBe(5);
    const routes = [...(await scrape(server)).keys()].flatMap(
      (key) => /route="([^"]*)"/.exec(key)?.[1] ?? [],
    );
    expect([...new Set(routes)].toSorted()).toEqual(['/metrics', '/v1/pins/{pin}/related', 'unknown']);
  });

  test('metrics count walks by algorithm, with their steps', async () => {
    const before = await scrape(server);
    const added = (after: Map<string, number>, name: string): number =>
      after.get(name)! - (before.get(name) ?? 0);
    await server.get('/v1/pins/basil/related?algorithm=pixie&steps=1234');
    const requests = [
      { query: [{ pin: 'basil' }], params: { steps: 100, stepsPerQueryPin: 100 }, algorithm: 'pixie' },
      { query: [{ pin: 'nowhere' }] },
      { query: [{ pin: 'tomato' }], algorithm: 'ppr' },
    ];
    await server.post('/v1/recommendations/batch', { requests });
    const after = await scrape(server);
    expect(added(after, 'pinwalk_steps_total')).toBe(1_334);
    expect(added(after, 'pinwalk_walk_seconds_count{algorithm="pixie"}')).toBe(2);
    expect(added(after, 'pinwalk_walk_seconds_count{algorithm="ppr"}')).toBe(1);
    expect(added(after, 'pinwalk_queue_wait_seconds_count{algorithm="pixie"}')).toBe(2);
    expect(added(after, 'pinwalk_kept_answers')).toBe(3);
  });

  test('metrics count problems by code, each from 0', async () => {
    const fresh = await scrape(empty);
    expect(fresh.get('pinwalk_problems_total{code="internal"}')).toBe(0);
    expect(fresh.get('pinwalk_problems_total{code="overloaded"}')).toBe(0);
    await empty.get('/v1/pins/basil/related');
    expect((await scrape(empty)).get('pinwalk_problems_total{code="graph-not-ready"}')).toBe(1);
    const long = '/v1/pins/basil/related?algorithm=pixie&steps=1000000&randomSeed=';
    let refused = 0;
    // On a busy machine, one may end before the next one is read.
    for (let attempt = 0; refused === 0 && attempt < 20; attempt++) {
      const seeds = [1, 2, 3, 4].map((i) => 4 * attempt + i);
      const answers = await Promise.all(seeds.map((seed) => withoutQueue.get(long + seed)));
      refused = answers.filter(({ status }) => status === 503).length;
    }
    expect(refused).toBeGreaterThan(0);
    expect((await scrape(withoutQueue)).get('pinwalk_problems_total{code="overloaded"}')).toBe(refused);
  });

  test('metrics describe the graph and the state', async () => {
    const { version, header } = server.graphs.snapshot;
    const samples = await scrape(server);
    expect(samples.get('pinwalk_graph_saves')).toBe(4);
    expect(samples.get('pinwalk_graph_pins')).toBe(3);
    expect(samples.get('pinwalk_graph_boards')).toBe(2);
    expect(samples.get('pinwalk_graph_bytes')).toBe(
      header.sections.reduce((sum, { bytes }) => sum + bytes, 0),
    );
    expect(samples.get(`pinwalk_graph_info{version="${version}"}`)).toBe(1);
    expect(samples.get('pinwalk_state{state="ready"}')).toBe(1);
    expect(samples.get('pinwalk_state{state="empty"}')).toBe(0);
    expect(samples.get('pinwalk_threads')).toBe(1);
    const without = await scrape(empty);
    expect(without.get('pinwalk_state{state="empty"}')).toBe(1);
    expect(without.get('pinwalk_graph_saves')).toBe(0);
    expect([...without.keys()].filter((key) => key.startsWith('pinwalk_graph_info'))).toEqual([]);
  });

  test('metrics count early stops, backfills and fallbacks', async () => {
    const metrics = new Metrics({
      graphs: server.graphs,
      pages: { size: 0 },
      writes: noWrites,
      ...others,
    });
    const counts = { candidates: 1, isTruncated: false, work: 9 };
    const shape = { ...counts, intraListDiversity: 0, meanPopularity: 0, walkMs: 2000, queueMs: 500 };
    const answer = { json: '', items: [], bestScore: undefined, algorithm: 'feed' };
    const stats = { ...shape, steps: 7, stoppedEarly: true, backfilled: false, widened: false };
    metrics.walked({ ...answer, stats, fallback: null });
    metrics.walked({
      ...answer,
      stats: { ...shape, backfilled: true, widened: true },
      fallback: 'cold-start',
    });
    const text = await metrics.text();
    for (const line of [
      'pinwalk_steps_total 7',
      'pinwalk_stopped_early_total 1',
      'pinwalk_widened_total 1',
      'pinwalk_fallbacks_total 1',
      'pinwalk_walk_seconds_sum{algorithm="feed"} 4',
      'pinwalk_queue_wait_seconds_sum{algorithm="feed"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
  });

  test('metrics count writes', async () => {
    const before = await scrape(server);
    const save = (pin: string): object => ({ user: 'cem', board: 'bread', pin });
    await server.post('/v1/saves', [save('flour'), save('salt')]);
    await server.post('/v1/saves', save('salt'));
    const after = await scrape(server);
    const grown = (name: string): number => after.get(name)! - before.get(name)!;
    expect(grown('pinwalk_writes_total')).toBe(2);
    expect(grown('pinwalk_changes_total')).toBe(3);
    expect(grown('pinwalk_commits_total')).toBe(2);
    expect(grown('pinwalk_live_saves')).toBe(2);
    expect(after.get('pinwalk_changes_waiting')).toBe(0);
  });

  test('two servers in a process have separate metrics', async () => {
    const deps = { graphs: server.graphs, pages: { size: 0 }, writes: noWrites, ...others };
    const [one, other] = [new Metrics(deps), new Metrics(deps)];
    one.swapped(2.5);
    expect(await one.text()).toMatch(/^pinwalk_swaps_total 1$/m);
    expect(await one.text()).toMatch(/^pinwalk_last_swap_seconds 2.5$/m);
    expect(await other.text()).toMatch(/^pinwalk_swaps_total 0$/m);
  });

  test('docs/operations.md lists all metrics, with kinds and labels', async () => {
    await server.get('/v1/pins/basil/related');
    const docs = readFileSync(path.join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
    const documented = [...docs.matchAll(/^\| `(pinwalk_\w+)` +\| (\w+) +\| ([\w, ]*?) *\|/gm)];
    const { body } = await server.get('/metrics');
    const exported = [...(body as string).matchAll(/^# TYPE (pinwalk_\w+) (\w+)$/gm)];
    const sorted = (rows: RegExpMatchArray[]): string[] =>
      rows.map(([, name, kind]) => `${name} ${kind}`).toSorted();
    expect(sorted(documented)).toEqual(sorted(exported));
    for (const [, name, , labels] of documented) {
      const sample = new RegExp(`^${name}(?:_count)?(?:\\{(.*)\\})? `, 'm').exec(body as string);
      const names = [...(sample?.[1] ?? '').matchAll(/(\w+)="/g)].map(([, label]) => label);
      expect([name, names.join(', ')]).toEqual([name, labels]);
    }
  });
});
