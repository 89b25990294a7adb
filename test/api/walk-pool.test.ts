import { jsonBytes } from '../../api/base/index.ts';
import { describe, expect, test } from 'vitest';
import { type Batch, ClientGone, type RankedOutcome, recommendationRequest } from '../../api/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** Identical concurrent requests share one walk. */
const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']), {
  serving: { lightWorkMax: Infinity },
});

function batch(randomSeed: number, steps = 1_000): Batch {
  const query = [{ pin: 'basil' }];
  return {
    requests: [recommendationRequest.parse({ query, algorithm: 'pixie', params: { steps }, randomSeed })],
  };
}

/** Fills all slots of the one worker with long walks, so that the next request waits. Resolves when they end. */
function occupy(): Promise<RankedOutcome[]>[] {
  return [101, 102].map((randomSeed) => server.graphs.recommendBatch(batch(randomSeed, 3_000_000)));
}

describe('identical concurrent requests', () => {
  test('identical concurrent requests share one walk, and a different one does not', async () => {
    const busy = occupy();
    const answers = [
      server.graphs.recommendBatch(batch(1)),
      server.graphs.recommendBatch(batch(1)),
      server.graphs.recommendBatch(batch(2)),
    ];
    expect(server.graphs.queue.length).toBe(2);
    const [first, second, third] = await Promise.all(answers);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(await server.graphs.recommendBatch(batch(1))).not.toBe(first);
    await Promise.all(busy);
  });

  test('a client gets its response when another client of the shared walk disconnects', async () => {
    const busy = occupy();
    const leaver = new AbortController();
    const left = server.graphs.recommendBatch(batch(3), leaver);
    const stayed = server.graphs.recommendBatch(batch(3), new AbortController());
    leaver.abort();
    expect(server.graphs.queue.length).toBe(1);
    expect(await stayed).toMatchObject([{ items: jsonBytes(['tomato']) }]);
    await Promise.all([left, ...busy]);
  });

  test('a waiting walk is cancelled when all its clients disconnect, and a later client gets a new one', async () => {
    const busy = occupy();
    const leavers = [new AbortController(), new AbortController()];
    const left = leavers.map(async ({ signal }) =>
      server.graphs.recommendBatch(batch(4), { signal }).catch((error: unknown) => error),
    );
    expect(server.graphs.queue.length).toBe(1);
    for (const leaver of leavers) leaver.abort();
    expect(server.graphs.queue.length).toBe(0);
    const third = server.graphs.recommendBatch(batch(4));
    expect(await Promise.all(left)).toEqual([expect.any(ClientGone), expect.any(ClientGone)]);
    expect(await third).toMatchObject([{ items: jsonBytes(['tomato']) }]);
    await Promise.all(busy);
  });

  test('a client that arrives after all others left a running walk gets a walk of its own', async () => {
    const leaver = new AbortController();
    const left = server.graphs.recommendBatch(batch(5, 3_000_000), leaver);
    leaver.abort();
    const second = server.graphs.recommendBatch(batch(5, 3_000_000));
    expect(server.graphs.queue.running).toBe(2);
    expect(await second).toMatchObject([{ items: jsonBytes(['tomato']) }]);
    expect(await left).not.toBe(await second);
  });

  test('a failed walk fails for all its clients, and leaves no state behind', async () => {
    const broken: Batch = { requests: [{ ...batch(6).requests[0]!, exclude: null as never }] };
    const outcomes = await Promise.allSettled([
      server.graphs.recommendBatch(broken),
      server.graphs.recommendBatch(broken),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([server.graphs.queue.running, server.graphs.queue.length]).toEqual([0, 0]);
    expect(await server.graphs.recommendBatch(batch(6))).toMatchObject([{ items: jsonBytes(['tomato']) }]);
  });

  test('a request of a disconnected client is not walked', async () => {
    const outcome = server.graphs.recommendBatch(batch(7), { signal: AbortSignal.abort() });
    expect(server.graphs.queue.running).toBe(0);
    await expect(outcome).rejects.toThrow(ClientGone);
  });
});

test('the young generation of each thread is bounded: unbounded, each takes 128 MiB under large requests', async () => {
  await server.graphs.recommendBatch(batch(1));
  const { threads } = server.graphs;
  expect(threads).not.toHaveLength(0);
  for (const { resourceLimits } of threads) expect(resourceLimits?.maxYoungGenerationSizeMb).toBe(48);
});
