import { describe, expect, test } from 'vitest';
import { type Batch, ClientGone, type RankedOutcome, recommendationRequest } from '../../api/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** Those who ask the same at the same time share one walk. */
const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']));

function asked(randomSeed: number, steps = 1_000): Batch {
  const query = [{ pin: 'basil' }];
  return {
    requests: [recommendationRequest.parse({ query, algorithm: 'pixie', params: { steps }, randomSeed })],
  };
}

/** Long walks in all slots of the one worker, so that what comes next waits. Ends with them. */
function occupy(): Promise<RankedOutcome[]>[] {
  return [101, 102].map((randomSeed) => server.graphs.recommendBatch(asked(randomSeed, 3_000_000)));
}

describe('who asks the same', () => {
  test('shares one walk, and who asks otherwise does not', async () => {
    const busy = occupy();
    const answers = [
      server.graphs.recommendBatch(asked(1)),
      server.graphs.recommendBatch(asked(1)),
      server.graphs.recommendBatch(asked(2)),
    ];
    expect(server.graphs.queue.length).toBe(2);
    const [first, second, third] = await Promise.all(answers);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(await server.graphs.recommendBatch(asked(1))).not.toBe(first);
    await Promise.all(busy);
  });

  test('is answered when another who asked leaves', async () => {
    const busy = occupy();
    const leaver = new AbortController();
    const left = server.graphs.recommendBatch(asked(3), leaver.signal);
    const stayed = server.graphs.recommendBatch(asked(3), new AbortController().signal);
    leaver.abort();
    expect(server.graphs.queue.length).toBe(1);
    expect(await stayed).toMatchObject([{ items: ['tomato'] }]);
    await Promise.all([left, ...busy]);
  });

  test('is not walked for when all have left; who comes then is answered anew', async () => {
    const busy = occupy();
    const leavers = [new AbortController(), new AbortController()];
    const left = leavers.map(async ({ signal }) =>
      server.graphs.recommendBatch(asked(4), signal).catch((error: unknown) => error),
    );
    expect(server.graphs.queue.length).toBe(1);
    for (const leaver of leavers) leaver.abort();
    expect(server.graphs.queue.length).toBe(0);
    const third = server.graphs.recommendBatch(asked(4));
    expect(await Promise.all(left)).toEqual([expect.any(ClientGone), expect.any(ClientGone)]);
    expect(await third).toMatchObject([{ items: ['tomato'] }]);
    await Promise.all(busy);
  });

  test('after all have left during the walk is answered by a walk of their own', async () => {
    const leaver = new AbortController();
    const left = server.graphs.recommendBatch(asked(5, 3_000_000), leaver.signal);
    leaver.abort();
    const second = server.graphs.recommendBatch(asked(5, 3_000_000));
    expect(server.graphs.queue.running).toBe(2);
    expect(await second).toMatchObject([{ items: ['tomato'] }]);
    expect(await left).not.toBe(await second);
  });

  test('fails together, and nothing of it stays', async () => {
    const broken: Batch = { requests: [{ ...asked(6).requests[0]!, limit: NaN }] };
    const outcomes = await Promise.allSettled([
      server.graphs.recommendBatch(broken),
      server.graphs.recommendBatch(broken),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([server.graphs.queue.running, server.graphs.queue.length]).toEqual([0, 0]);
    expect(await server.graphs.recommendBatch(asked(6))).toMatchObject([{ items: ['tomato'] }]);
  });

  test('and has left already is not walked for', async () => {
    const outcome = server.graphs.recommendBatch(asked(7), AbortSignal.abort());
    expect(server.graphs.queue.running).toBe(0);
    await expect(outcome).rejects.toThrow(ClientGone);
  });
});
