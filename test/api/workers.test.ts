import { renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { type Answer, serveForSuite } from './server.ts';

const fill = (folder: Parameters<typeof importSaves>[0]) =>
  importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato', 'ben salad egg']);
const server = serveForSuite(fill);
const doomed = serveForSuite(fill);
const draining = serveForSuite(fill);

const short = '/v1/pins/basil/related';
const long = '/v1/pins/basil/related?algorithm=pixie&steps=10000000&restartProbability=0';

/** Asks for a long walk, and resolves when a worker has it. */
async function askForLongWalk(seed: number): Promise<{ answer: Promise<Answer> }> {
  const answer = server.get(`${long}&randomSeed=${seed}`);
  await expect.poll(() => server.graphs.queue.running, { interval: 1 }).toBe(1);
  return { answer };
}

describe('a worker thread that dies', () => {
  test('fails the request that it had, and is replaced', async () => {
    for (const seed of [1, 2]) {
      const [thread] = server.graphs.threads;
      const { answer } = await askForLongWalk(seed);
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

  test('tells nothing of its death to the client, all of it to the log', async () => {
    server.logLines.length = 0;
    const { answer } = await askForLongWalk(3);
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
  test('is not ready, and answers instead of letting requests wait', async () => {
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

test('a server that is about to stop is not ready, and answers all the same', async () => {
  draining.graphs.drain();
  const { status, body } = await draining.get('/readyz');
  expect([status, body.detail]).toEqual([503, 'the server is stopping']);
  expect((await draining.get(short)).status).toBe(200);
  expect((await draining.get('/metrics')).body).toContain('pinwalk_state{state="draining"} 1');
});
