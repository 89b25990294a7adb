import { renameSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { ModelThread } from '../../api/runtime/serving/index.ts';
import { WalkThread } from '../../api/runtime/serving/walk-thread.ts';
import { WalkThreads } from '../../api/runtime/serving/walk-threads.ts';
import { noWarmUp, warmUpFor } from '../../api/runtime/serving/warm-up.ts';
import { type DataFolder, openDataFolder } from '../../graph-data/index.ts';
import { importSaves } from '../data-folders.ts';
import { type Answer, serveForSuite } from './server.ts';

const fill = (folder: DataFolder) =>
  importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad egg']);
const server = serveForSuite(fill, { serving: { lightWorkMax: Infinity } });
const doomed = serveForSuite(fill);
const draining = serveForSuite(fill);

const short = '/v1/pins/basil/related';
const long = '/v1/pins/basil/related?algorithm=pixie&steps=10000000&restartProbability=0';

/** Requests a long walk, and resolves when a worker runs it. */
async function requestLongWalk(seed: number): Promise<{ answer: Promise<Answer> }> {
  const answer = server.get(`${long}&randomSeed=${seed}`);
  await expect.poll(() => server.graphs.queue.running, { interval: 1 }).toBe(1);
  return { answer };
}

describe('a worker thread that dies', () => {
  test('a worker thread that dies fails its request, and is replaced', async () => {
    for (const seed of [1, 2]) {
      const [thread] = server.graphs.threads;
      const { answer } = await requestLongWalk(seed);
      await thread!.terminate();
      expect((await answer).body).toMatchObject({ status: 500, code: 'internal' });
      const next = await Promise.all([1, 2, 3].map((i) => server.get(`${short}?randomSeed=${i}`)));
      expect(next.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(server.graphs.threads).toHaveLength(1);
      expect(server.graphs.threads[0]).not.toBe(thread);
      expect((await server.get('/readyz')).status).toBe(200);
    }
    expect(server.graphs.queue.running).toBe(0);
  });

  test('the log has the cause of a dead worker thread, and the client sees no details', async () => {
    server.logLines.length = 0;
    const { answer } = await requestLongWalk(3);
    await server.graphs.threads[0]!.terminate();
    const { body } = await answer;
    expect(body.detail).toBe('see the log for this requestId');
    const line = server.log.find(({ level }) => level === 50);
    expect(line).toMatchObject({
      requestId: body.requestId,
      err: { type: 'Error', stack: expect.stringContaining('onWorkerExit') },
    });
  });
});

describe('a server whose workers cannot start any more', () => {
  const { root } = doomed.folder;
  test('a server whose workers cannot start is not ready, and refuses requests at once', async () => {
    expect((await doomed.get('/readyz')).status).toBe(200);
    renameSync(root, `${root}-away`);
    await doomed.graphs.threads[0]!.terminate();
    await expect.poll(() => doomed.graphs.threads.length).toBe(0);
    const { status, body } = await doomed.get('/readyz');
    expect([status, body.detail]).toEqual([503, 'no worker thread is alive']);
    const answers = await Promise.all([1, 2, 3, 4].map((i) => doomed.get(`${short}?randomSeed=${i}`)));
    expect(answers.map((answer) => answer.status)).toEqual([500, 500, 500, 500]);
    expect((await doomed.get('/healthz')).status).toBe(200);
  });
});

test('a server that is stopping is not ready, but still answers requests', async () => {
  draining.graphs.drain();
  const { status, body } = await draining.get('/readyz');
  expect([status, body.detail]).toEqual([503, 'the server is stopping']);
  expect((await draining.get(short)).status).toBe(200);
  expect((await draining.get('/metrics')).body).toContain('pinwalk_state{state="draining"} 1');
});

const walkThreads = (folder: DataFolder, onError: (error: Error) => void = () => {}): WalkThreads =>
  new WalkThreads({ folder, models: new ModelThread(folder, () => {}), count: 2, niceness: 0, onError });

test('the first thread starts alone and is enough; tasks go to threads that are ready, and there to the one with the fewest, before the end of a graph', async () => {
  const errors: Error[] = [];
  const threads = walkThreads(server.folder, (error) => errors.push(error));
  const graph = { snapshot: server.graphs.snapshot, warmUp: noWarmUp };
  const served = threads.serve(1, graph);
  expect(threads.workers).toHaveLength(1);
  await served;
  expect(threads.workers).toHaveLength(2);
  const orders = threads.workers.map((worker) => vi.spyOn(worker, 'postMessage'));
  /** How many messages each thread gets with three tasks, and `others`. */
  const sentWith = async (others?: Promise<unknown>): Promise<number[]> => {
    const tasks = [10, 11, 12].map(async (absent) => threads.run({ graph: absent, drop: true }));
    const sent = orders.map(({ mock }) => mock.calls.length);
    await Promise.all([others, ...tasks]);
    for (const { mock } of orders) mock.calls.length = 0;
    return sent;
  };
  // The second still loads its code.
  expect(await sentWith()).toEqual([3, 0]);
  // Once it has, it is ready.
  await threads.serve(2, graph);
  for (const { mock } of orders) mock.calls.length = 0;
  expect(await sentWith()).toEqual([2, 1]);
  expect(await sentWith(threads.drop(1))).toEqual([2, 1]);
  expect(await sentWith(threads.serve(3, graph))).toEqual([3, 2]);
  // One that ends while it prepares is replaced, and the other is prepared.
  const [first, second] = threads.workers;
  const ended = threads.serve(4, graph);
  await first!.terminate();
  await ended;
  expect(threads.workers).toEqual([second, expect.anything()]);
  await threads.run({ graph: 4, drop: true });
  await threads.close();
  expect(errors).toEqual([]);
});

test('a thread replies to several orders in one message, but no reply waits for an order that is not short', async () => {
  const { folder, graphs } = server;
  const models = new ModelThread(folder, () => {});
  const thread = new WalkThread({ dataFolder: folder.root, niceness: 0, models, onEnd: () => {} });
  await thread.give({ graph: 1, serve: graphs.snapshot });
  const [task] = warmUpFor(['basil'], true).related;
  const counts: number[] = [];
  thread.worker.on('message', (replies: readonly unknown[]) => counts.push(replies.length));
  /** Gives orders at once, and returns which of them each message replies to. */
  const repliesTo = async (areShort: readonly boolean[]): Promise<boolean[][]> => {
    counts.length = 0;
    const given = areShort.map(async (isShort) => {
      return thread.give({ graph: 1, walk: { ...task!, ...(isShort && { isShort }) } });
    });
    await Promise.all(given);
    const left = [...areShort];
    return counts.map((count) => left.splice(0, count));
  };
  const mixed = await repliesTo(Array.from({ length: 40 }, (_, i) => i % 3 !== 0));
  expect(mixed.flat()).toHaveLength(40);
  for (const message of mixed) expect(message.slice(1)).not.toContain(false);
  const allShort = await repliesTo(Array<boolean>(40).fill(true));
  const most = Math.max(...allShort.map(({ length }) => length));
  expect([2, 3, 4]).toContain(most);
  expect(thread.orders).toBe(0);
  await thread.end();
});

test('threads of which none can start are a failure', async () => {
  const errors: Error[] = [];
  const nowhere = openDataFolder(`${server.folder.root}-nowhere`);
  const threads = walkThreads(nowhere, (error) => errors.push(error));
  const graph = { snapshot: server.graphs.snapshot, warmUp: noWarmUp };
  await expect(threads.serve(1, graph)).rejects.toThrow('has no database');
  expect([threads.workers.length, errors]).toEqual([0, []]);
});
