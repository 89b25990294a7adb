import { describe, expect, test } from 'vitest';
import { type DataFolder, importFiles } from '../../graph-data/index.ts';
import { recommendationRequest } from '../../api/index.ts';
import type { RankedList } from '../../api/runtime/serving/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { bearer, keyFor } from './keys.ts';
import { type Answer, serveForSuite } from './server.ts';

/** 150 boards of 20 pins, out of 300. */
const fill = async (folder: DataFolder): Promise<unknown> => {
  await importFiles(folder, [writeInput(folder, 'pins.jsonl', '{"pin":"pin-0","kind":"any"}')]);
  return importSaves(
    folder,
    Array.from({ length: 3_000 }, (_, i) => {
      const board = i % 150;
      return `user-${board % 50} board-${board} pin-${(board * 7 + (i % 20) * (i % 11)) % 300}`;
    }),
  );
};
const limited = serveForSuite(fill, { settings: { requestWorkMax: 400 } });
const unlimited = serveForSuite(fill, { serving: { lightWorkMax: Infinity } });
const handingOver = serveForSuite(fill, { serving: { lightWorkMax: 100 } });

const query = Array.from({ length: 20 }, (_, i) => ({ pin: `pin-${i * 7}` }));
/** A field that pins have, and a value that none has. */
const never = { kind: 'nothing' };
const requests: readonly (readonly [string, object])[] = [
  ['pixie', { algorithm: 'pixie', params: { steps: 50_000 } }],
  ['pixie, sharpened', { algorithm: 'ideas', params: { steps: 50_000 } }],
  ['pixie, for boards', { algorithm: 'pixie', params: { steps: 50_000 }, target: 'boards' }],
  ['pixie, for users', { algorithm: 'pixie', params: { steps: 50_000 }, target: 'users' }],
  ['paths', { algorithm: 'feed-exact' }],
  ['ppr', { algorithm: 'ppr', params: { residualMax: 1e-12 } }],
  ['itemknn', { algorithm: 'itemknn', params: { neighborsMax: 1_000 } }],
  ['a filter that nothing meets', { filter: never }],
  ['a filter that no popular pin meets', { algorithm: 'popular', filter: never }],
];

/** A response without what differs from one run to the next. */
function withoutTimes({ status, body }: Answer): object {
  const { walkMs: _walkMs, queueMs: _queueMs, ...stats } = body.stats;
  return { status, ...body, recommendationId: '', graphVersion: '', stats };
}

describe.each(requests)('the work of %s', (_, request) => {
  const ask = async (server: typeof limited): Promise<Answer> =>
    server.post('/v1/recommendations', { query, ...request });

  test('a request stops at its budget, says so, and has the same bytes when it is repeated', async () => {
    const first = await ask(limited);
    expect(first).toMatchObject({ status: 200, body: { stats: { isTruncated: true } } });
    expect(first.body.stats.work).toBeLessThan(3_000);
    expect(withoutTimes(await ask(limited))).toEqual(withoutTimes(first));
  });

  test('a request with enough work is not cut, and has the same bytes in either lane', async () => {
    const whole = await ask(unlimited);
    expect(whole).toMatchObject({ status: 200, body: { stats: { isTruncated: false } } });
    expect(whole.body.stats.work).toBeGreaterThan(400);
    expect(withoutTimes(await ask(handingOver))).toEqual(withoutTimes(whole));
  });
});

test('a batch starts no further request once it has done the work of one, and has the same bytes again', async () => {
  const batch = async (): Promise<Answer> =>
    limited.post('/v1/recommendations/batch', {
      requests: [1, 2, 3].map((randomSeed) => ({ query, randomSeed })),
    });
  const { status, body } = await batch();
  expect(status).toBe(200);
  expect(body.answers.map((each: Answer) => each.status)).toEqual([200, 503, 503]);
  expect(body.answers[1].problem).toMatchObject({ code: 'overloaded' });
  const again = (await batch()).body.answers;
  expect(again[0].answer.items).toEqual(body.answers[0].answer.items);
});

test('the diagnostics of a walk hand over to the other lane, and stop at the work of one request', async () => {
  const body = { query, algorithm: 'pixie', params: { steps: 20_000 } };
  const [whole, other] = [await unlimited.post('/v1/walks', body), await handingOver.post('/v1/walks', body)];
  expect(whole.status).toBe(200);
  expect(other.body.items).toEqual(whole.body.items);
  expect(await limited.post('/v1/walks', body)).toMatchObject({ status: 503, body: { code: 'overloaded' } });
});

describe('expensive requests of one client', () => {
  const expensive = (randomSeed: number, steps: number) =>
    recommendationRequest.parse({
      query,
      algorithm: 'pixie',
      params: { steps, stepsPerQueryPin: steps, restartProbability: 0 },
      randomSeed,
    });
  const begin = (client: string, randomSeed: number, steps = 3_000_000): Promise<RankedList> =>
    lanes.graphs.recommend(expensive(randomSeed, steps), { client });

  test('cheap requests of others do not wait for them', async () => {
    const busy = [1, 2, 3, 4].map((seed) => begin('ann', seed));
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => lanes.get(`/v1/pins/pin-${i}/related`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(lanes.graphs.queue).toMatchObject({ running: 1, length: 3 });
    await Promise.all(busy);
  });

  test('of requests of unknown work, only one is tried at a time, so that a thread stays free', async () => {
    const exact = (randomSeed: number) =>
      recommendationRequest.parse({ query, algorithm: 'ppr', randomSeed });
    const all = [31, 32, 33, 34].map((seed) => lanes.graphs.recommend(exact(seed), { client: 'ann' }));
    expect(lanes.graphs.queue.trials.length).toBe(3);
    await Promise.all(all);
    expect(lanes.graphs.queue).toMatchObject({ running: 0, length: 0 });
  });

  test('an expensive request of another waits for one of them at most', async () => {
    const ended: string[] = [];
    const note = async (client: string, seed: number): Promise<void> => {
      await begin(client, seed);
      ended.push(client);
    };
    const all = [11, 12, 13, 14].map((seed) => note('ann', seed));
    await Promise.all([...all, note('ben', 15)]);
    expect(ended).toEqual(['ann', 'ben', 'ann', 'ann', 'ann']);
  });

  test('one that is alike joins a run that waits only if it is of the same client', async () => {
    const busy = [21, 22].map((seed) => begin('ann', seed));
    const same = ['ann', 'ann', 'ben'].map((client) => begin(client, 23));
    expect(lanes.graphs.queue.length).toBe(3);
    const [first, second, third] = await Promise.all(same);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
    expect(third!.items).toEqual(first!.items);
    await Promise.all(busy);
  });
});
const lanes = serveForSuite(fill, { settings: { heavyQueueMsMax: 60_000 } });

describe('limits of work per minute', () => {
  const server = serveForSuite(fill, { settings: { workMaxRead: 20_000, workMaxWrite: 0 } });
  const related = (key: string, randomSeed: number): Promise<Answer> =>
    server.get(`/v1/pins/pin-1/related?randomSeed=${randomSeed}`, bearer(key));

  test('a client is refused once it has used the work of its minute, and others are not', async () => {
    const [ann, ben, writer] = (['read', 'read', 'write'] as const).map(
      (scope) => keyFor(server, scope).key,
    ) as [string, string, string];
    let passed = 0;
    let answer = await related(ann, 0);
    while (answer.status === 200 && passed < 50) answer = await related(ann, ++passed);
    expect(answer).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(50);
    expect(passed).toBeGreaterThan(1);
    expect(passed).toBeLessThan(10);
    expect((await related(ben, 1)).status).toBe(200);
    for (let i = 0; i < 12; i++) expect((await related(writer, i)).status).toBe(200);
    // What does not walk is not refused.
    expect((await server.get('/v1/pins/pin-1', bearer(ann))).status).toBe(200);
    server.skippedMs += 61_000;
    expect((await related(ann, 0)).status).toBe(200);
  });
});
