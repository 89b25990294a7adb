import { truncateSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { load } from '../../api/runtime/serving/load-task.ts';
import { activeVersion, pointTo, overlapMin } from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { build, importFirst, buildUnlike } from '../unlike.ts';
import { type Answer, type TestServer, serveForSuite } from './server.ts';

const related = '/v1/pins/pin-1/related?limit=5';

const activate = (server: TestServer, version: string, body?: object): Promise<Answer> =>
  server.get(`/v1/snapshots/${version}/activate`, {
    method: 'POST',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

/**
 * Sends requests, four at a time, until the returned function is called, which resolves with all responses. They pause, so that the
 * processors are free for the swap.
 */
function keepRequesting(server: TestServer, path: (i: number) => string): () => Promise<Answer[]> {
  const answers: Answer[] = [];
  const over = new AbortController();
  const askers = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) {
      answers.push(await server.get(path(answers.length)));
      await setTimeout(10);
    }
  });
  return async () => {
    over.abort();
    await Promise.all(askers);
    return answers;
  };
}

describe('a swap', () => {
  let [first, grown, unlike] = ['', '', ''];
  const server = serveForSuite(importFirst, {
    settings: { stepsMax: 100_000_000, queueMsMax: 60_000 },
  });
  beforeAll(async () => {
    first = server.graphs.version!;
    await importSaves(server.folder, ['new-user new-board pin-1', 'new-user new-board pin-2']);
    grown = await build(server.folder);
    unlike = await buildUnlike(server.folder);
  });
  const served = async (): Promise<string> => (await server.get(related)).body.graphVersion;

  test('a swap fails no request, and every response names its graph', async () => {
    const end = keepRequesting(server, (i) => `${related}&randomSeed=${i}`);
    await expect.poll(() => server.logLines.length).toBeGreaterThan(20);
    const swapped = await activate(server, grown);
    expect(swapped).toMatchObject({ status: 200, body: { version: grown, previous: first } });
    expect(swapped.body.overlap).toBeGreaterThan(0.9);
    const after = server.logLines.length;
    await expect.poll(() => server.logLines.length).toBeGreaterThan(after + 20);
    const answers = await end();
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(new Set(answers.map(({ body }) => body.graphVersion))).toEqual(new Set([first, grown]));
    expect(await served()).toBe(grown);
    expect(activeVersion(server.folder)).toBe(grown);
  });

  test('a request in flight during a swap ends on the graph that it began with', async () => {
    const before = await served();
    const long = server.post('/v1/recommendations/batch', {
      requests: Array.from({ length: 15 }, (_, i) => ({
        query: [{ pin: 'pin-1' }],
        algorithm: 'pixie',
        params: { steps: 1_000_000 },
        randomSeed: i,
      })),
    });
    await expect.poll(() => server.graphs.queue.running, { interval: 5 }).toBe(1);
    const swapped = activate(server, first);
    await expect.poll(() => server.graphs.version).toBe(first);
    expect(await served()).toBe(first);
    const { body } = await long;
    expect(body.answers).toHaveLength(15);
    // A batch ends after five seconds: on a busy machine, its last requests are refused.
    const done = body.answers.filter(({ status }: { status: number }) => status === 200);
    expect(done.length).toBeGreaterThan(0);
    for (const { answer } of done) expect(answer.graphVersion).toBe(before);
    expect((await swapped).status).toBe(200);
  });

  test('a rollback is a swap to the previous snapshot', async () => {
    expect(await activate(server, grown)).toMatchObject({ status: 200, body: { previous: first } });
    expect(await activate(server, first)).toMatchObject({ status: 200, body: { previous: grown } });
    expect(await activate(server, first)).toMatchObject({
      status: 200,
      body: { previous: first, overlap: 1 },
    });
    expect(await served()).toBe(first);
    const { snapshots } = (await server.get('/v1/snapshots')).body;
    expect(snapshots.map(({ version }: { version: string }) => version).toSorted()).toEqual(
      [first, grown, unlike].toSorted(),
    );
    expect(snapshots.filter((each: { served: boolean }) => each.served)).toEqual([
      expect.objectContaining({ version: first, active: true }),
    ]);
  });

  test('a swap to a very different graph is refused unless forced', async () => {
    const refused = await activate(server, unlike);
    const errors = [{ pointer: '/force', code: 'snapshot-unlike' }];
    expect(refused.body).toMatchObject({ status: 409, code: 'conflict', errors });
    expect(refused.body.detail).toMatch(/overlap of their top 50 is 0\.[0-2]\d.*force/);
    expect([await served(), activeVersion(server.folder)]).toEqual([first, first]);
    const forced = await activate(server, unlike, { force: true });
    expect(forced.body.overlap).toBeLessThan(overlapMin);
    expect([await served(), activeVersion(server.folder)]).toEqual([unlike, unlike]);
    expect((await activate(server, first, {})).status).toBe(200);
  });

  test('a swap is refused while another one is running', async () => {
    const answers = await Promise.all([activate(server, grown), activate(server, grown)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({ code: 'conflict' });
    expect(server.graphs.state).toBe('ready');
  });

  test('an unknown snapshot is refused without a thread, which a busy machine starts late', async () => {
    const task = { dataFolder: server.folder.root, version: '0123456789abcdef' };
    const options = { signal: AbortSignal.abort(), isInBackground: true };
    await expect(load(task, options)).rejects.toMatchObject({ code: 'snapshot-unknown' });
    await expect(load({ ...task, version: first }, options)).rejects.toMatchObject({ code: 'stopped' });
  });

  test('a swap to an unknown or damaged snapshot keeps serving the old one', async () => {
    for (const version of ['0123456789abcdef', 'nonsense', '__proto__', '..%2Factive']) {
      expect((await activate(server, version)).body).toMatchObject({ status: 404, code: 'unknown-snapshot' });
    }
    truncateSync(snapshotFile(server.folder, unlike), 5_000);
    const refused = await activate(server, unlike, { force: true });
    expect(refused.body).toMatchObject({ status: 409, code: 'conflict' });
    expect(refused.body.detail).toContain('is damaged: section file');
    expect((await activate(server, grown, { bogus: 1 })).status).toBe(400);
    expect([await served(), activeVersion(server.folder)]).toEqual([grown, grown]);
  });

  test('a swap frees the memory and ends the threads of the old graph', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const threads = (): number => (process.report.getReport() as { workers: unknown[] }).workers.length;
    // Threads that a first swap starts stay for the next.
    await activate(server, grown);
    const threadsBefore = threads();
    expect(threadsBefore).toBeGreaterThan(0);
    const graphs: WeakRef<object>[] = [];
    for (const version of [first, grown, first, grown]) {
      graphs.push(new WeakRef(server.graphs.snapshot.graph.pinToBoard.neighbors.buffer));
      expect((await activate(server, version)).status).toBe(200);
    }
    const kept = (): number => {
      collect();
      return graphs.filter((graph) => graph.deref() !== undefined).length;
    };
    await expect.poll(kept).toBe(0);
    await expect.poll(threads).toBe(threadsBefore);
  });
});

describe('the pointer', () => {
  const server = serveForSuite(importFirst, { isLoaded: false });
  const command = async (...args: string[]): Promise<void> => {
    const ended = await pinwalk(...args, '--data', server.folder.root);
    expect(ended).toMatchObject({ code: 0 });
  };

  test('the server follows the pointer when another process builds, rolls back and activates', async () => {
    const first = activeVersion(server.folder)!;
    expect(server.graphs.state).toBe('empty');
    const started = server.graphs.start();
    expect(server.graphs.state).toBe('loading');
    expect(() => server.graphs.snapshot).toThrow('a snapshot is being loaded');
    expect(await started).toMatchObject({ version: first, previous: null, overlap: null });
    const end = keepRequesting(server, (i) => `${related}&randomSeed=${i}`);
    await importSaves(server.folder, ['new-user new-board pin-1', 'new-user new-board pin-2']);
    for (const args of [['build'], ['snapshots', 'rollback'], ['snapshots', 'activate', first]]) {
      await command(...args);
      const active = activeVersion(server.folder);
      await expect.poll(() => server.graphs.version).toBe(active);
      await server.graphs.settled();
    }
    const answers = await end();
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    const swaps = server.log.filter(({ msg }) => msg === 'serves another snapshot');
    expect(swaps.map(({ version }) => version)).toEqual([first, expect.any(String), first]);
    expect(swaps[1]).toMatchObject({ previous: first, swapMs: expect.any(Number) as unknown });
  });

  test('a pointer to a snapshot that cannot be loaded is logged once, and the old one stays', async () => {
    const first = server.graphs.version!;
    expect(server.faults).toEqual([]);
    pointTo(server.folder, '0123456789abcdef');
    await expect.poll(() => server.faults).toHaveLength(1);
    await setTimeout(2_500);
    expect(server.faults).toEqual([expect.stringContaining('there is no snapshot 0123456789abcdef')]);
    expect((await server.get(related)).body.graphVersion).toBe(first);
    pointTo(server.folder, first);
  });
});

describe('draining', () => {
  const server = serveForSuite(importFirst);

  test('a draining server is not ready at once, but still answers requests', async () => {
    const { version } = server.graphs.snapshot;
    const under = server.get(related);
    server.graphs.drain();
    const ready = await server.get('/readyz');
    expect(ready).toMatchObject({ status: 503, body: { code: 'graph-not-ready' } });
    expect(ready.headers.get('retry-after')).toBe('1');
    expect((await under).status).toBe(200);
    expect((await server.get(related)).status).toBe(200);
    expect((await activate(server, version)).body).toMatchObject({ code: 'graph-not-ready' });
    await server.graphs.close();
  });
});
