import { describe, expect, test } from 'vitest';
import { type Batch, ClientGone, type RankedOutcome, recommendationRequest } from '../../api/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** Those who ask the same at the same time share one walk. */
const { graphs } = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']));

function asked(randomSeed: number, steps = 1_000): Batch {
  const query = [{ pin: 'basil' }];
  return {
    requests: [recommendationRequest.parse({ query, algorithm: 'pixie', params: { steps }, randomSeed })],
  };
}

/** Long walks in all slots of the one worker, so that what comes next waits. Ends with them. */
function occupy(): Promise<RankedOutcome[]>[] {
  return [101, 102].map((randomSeed) => graphs.recommendBatch(asked(randomSeed, 3_000_000)));
}

describe('who asks the same', () => {
  test('shares one walk, and who asks otherwise does not', async () => {
    const busy = occupy();
    const answers = [
      graphs.recommendBatch(asked(1)),
      graphs.recommendBatch(asked(1)),
      graphs.recommendBatch(asked(2)),
    ];
    expect(graphs.queue.length).toBe(2);
    const [first, second, third] = await Promise.all(answers);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(await graphs.recommendBatch(asked(1))).not.toBe(first);
    await Promise.all(busy);
  });

  test('is answered when another who asked leaves', async () => {
    const busy = occupy();
    const leaver = new AbortController();
    const left = graphs.recommendBatch(asked(3), leaver.signal);
    const stayed = graphs.recommendBatch(asked(3), new AbortController().signal);
    leaver.abort();
    expect(graphs.queue.length).toBe(1);
    expect(await stayed).toMatchObject([{ items: ['tomato'] }]);
    await Promise.all([left, ...busy]);
  });

  test('is not walked for when all have left; who comes then is answered anew', async () => {
    const busy = occupy();
    const leavers = [new AbortController(), new AbortController()];
    const left = leavers.map(async ({ signal }) =>
      graphs.recommendBatch(asked(4), signal).catch((error: unknown) => error),
    );
    expect(graphs.queue.length).toBe(1);
    for (const leaver of leavers) leaver.abort();
    expect(graphs.queue.length).toBe(0);
    const third = graphs.recommendBatch(asked(4));
    expect(await Promise.all(left)).toEqual([expect.any(ClientGone), expect.any(ClientGone)]);
    expect(await third).toMatchObject([{ items: ['tomato'] }]);
    await Promise.all(busy);
  });

  test('after all have left during the walk is answered by a walk of their own', async () => {
    const leaver = new AbortController();
    const left = graphs.recommendBatch(asked(5, 3_000_000), leaver.signal);
    leaver.abort();
    const second = graphs.recommendBatch(asked(5, 3_000_000));
    expect(graphs.queue.running).toBe(2);
    expect(await second).toMatchObject([{ items: ['tomato'] }]);
    expect(await left).not.toBe(await second);
  });

  test('fails together, and nothing of it stays', async () => {
    const broken: Batch = { requests: [{ ...asked(6).requests[0]!, limit: NaN }] };
    const outcomes = await Promise.allSettled([graphs.recommendBatch(broken), graphs.recommendBatch(broken)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([graphs.queue.running, graphs.queue.length]).toEqual([0, 0]);
    expect(await graphs.recommendBatch(asked(6))).toMatchObject([{ items: ['tomato'] }]);
  });

  test('and has left already is not walked for', async () => {
    const outcome = graphs.recommendBatch(asked(7), AbortSignal.abort());
    expect(graphs.queue.running).toBe(0);
    await expect(outcome).rejects.toThrow(ClientGone);
  });
});
