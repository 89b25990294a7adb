import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Route } from '../../api/http/index.ts';
import { problemTypes } from '../../api/index.ts';
import { trainModel } from '../../graph-data/index.ts';
import { clickLog, writeInteractions } from '../click-log.ts';
import { importSaves } from '../data-folders.ts';
import { topicSaves } from '../topics.ts';
import { type Example, examples, fillForExamples } from '../contract/examples/index.ts';
import { type FuzzedRequest, exampleRequest, fuzzedRequest } from './fuzz-requests.ts';
import { serveForSuite } from './server.ts';
import { type WireAnswer, send } from './wire.ts';

/**
 * Random requests, valid and nearly valid by the schemas of every route. PINWALK_FUZZ=100000 sends more than CI does
 * (npm run fuzz); PINWALK_SEED chooses others. Unhandled rejections fail the run.
 */
const requestCount = Number(process.env['PINWALK_FUZZ'] ?? 3_000);
const atOnce = 8;

const saves =
  'ann pasta basil|ann pasta tomato|ann pasta garlic|ben salad tomato|ben salad olive|cem odd __proto__|cem odd constructor|cem odd a/b|dan apart apple|dan apart pear'.split(
    '|',
  );
const model = { label: 'click', learner: 'ftrl', windowHours: 24, zone: 'UTC', randomSeed: 1, codeVersion: 'test' } as const; // prettier-ignore
let modelVersion = '';
const server = serveForSuite(async (folder) => {
  await importSaves(folder, [...saves, ...topicSaves()]);
  await fillForExamples(folder);
  writeInteractions(folder, clickLog(100));
  modelVersion = trainModel(folder, model).version;
});
/** Keys that exist, except those of the final check. */
const keys = 'basil tomato garlic olive __proto__ constructor a/b pasta salad odd ann ben cem'.split(' ');

/** Problems of any route, beside its own. */
const everywhere = new Set([
  'invalid-request',
  'unknown-route',
  'method-not-allowed',
  'body-too-large',
  'unsupported-media-type',
  'missing-key',
  'invalid-key',
  'insufficient-scope',
  'rate-limited',
  'headers-too-large',
  'request-timeout',
]);

/** What is wrong with a response; undefined if nothing. */
function faultOf(request: FuzzedRequest, answer: WireAnswer | undefined): string | undefined {
  // Node's parser may respond to malformed HTTP, or close the connection.
  if (request.isBrokenHttp && (answer === undefined || answer.text === '')) return undefined;
  if (answer === undefined) return 'the connection was closed without a response';
  const { status, headers, body, text } = answer;
  if (status === 500) return `500: ${text}`;
  const isSuccess = (status >= 200 && status < 300) || status === request.route.response.status;
  if (isSuccess) return successFault(request, answer);
  if (request.method === 'HEAD') return undefined;
  if (headers.get('content-type')?.startsWith('application/problem+json') !== true)
    return `no problem: ${text}`;
  const type = (problemTypes as Record<string, { status: number; title: string }>)[body.code];
  if (type === undefined) return `no known code: ${text}`;
  if (type.status !== status || body.status !== status) return `a status of another code: ${text}`;
  if (body.type !== `urn:pinwalk:problem:${body.code}` || body.title !== type.title) return `type: ${text}`;
  if (typeof body.detail !== 'string' || !Array.isArray(body.errors)) return `no detail or errors: ${text}`;
  if (body.requestId !== headers.get('x-request-id')) return `not its requestId: ${text}`;
  const isItsOwn = everywhere.has(body.code) || request.route.problems.includes(body.code);
  const isElsewhere = /path|method/.test(request.mutation);
  return isItsOwn || isElsewhere ? undefined : `a problem that the route does not document: ${text}`;
}

function successFault(
  { route, method, mutation }: FuzzedRequest,
  { status, body, text }: WireAnswer,
): string | undefined {
  if (/path|method/.test(mutation) || method === 'HEAD') return undefined;
  if (status !== route.response.status) return `${status} is not documented`;
  if (route.response.schema === undefined) return undefined;
  const checked = route.response.schema.safeParse(body);
  return checked.success ? undefined : `not of its schema: ${checked.error.message} ${text.slice(0, 500)}`;
}

function describeRequest({ method, target, mutation, body }: FuzzedRequest): string {
  const sent = Buffer.from(body ?? []).toString('utf8', 0, 500);
  return `${method} ${target.slice(0, 300)} (${mutation}) ${sent}`;
}

/** Waits for the end of requested builds and swaps: a running one makes the server refuse others. */
async function noJob(): Promise<void> {
  await expect
    .poll(async () => JSON.stringify((await server.get('/v1/jobs')).body))
    .not.toContain('"running"');
}

async function appleItems(): Promise<string> {
  const { body } = await server.get('/v1/pins/apple/related?randomSeed=3&algorithm=pixie&explain=true');
  // A lift is relative to the boards of the whole graph, which the requests add to.
  return JSON.stringify(body.items, (key, value: unknown) => (key === 'lift' ? undefined : value));
}

/**
 * One example of each route that has succeeded: chance alone might send nothing to a route but what it refuses. They
 * are sent before the random requests, which remove what they need.
 */
async function exampleOfEach(routes: readonly Route[]): Promise<Map<Route, Example>> {
  const succeeded = new Map<Route, Example>();
  for (const route of routes) {
    const [first] = examples[route.operationId]!;
    const example = typeof first === 'function' ? await first(server) : first;
    const request = exampleRequest(route, example);
    const answer = await send(server.url, request);
    expect.soft(answer?.status, describeRequest(request)).toBe(route.response.status);
    expect.soft(faultOf(request, answer), route.operationId).toBeUndefined();
    succeeded.set(route, example);
  }
  return succeeded;
}

describe('random requests', () => {
  // A busy machine takes thirty times as long as a quiet one.
  const timeoutMs = Math.max(60_000, requestCount * 500);
  test(
    `${requestCount} random requests get a response that the contract allows`,
    { timeout: timeoutMs },
    async () => {
      const { routes } = server;
      const items = await appleItems();
      const kept = await Promise.all(
        keys.slice(0, 5).map(async (pin) => server.get(`/v1/pins/${pin}/related`)),
      );
      await Promise.all(
        keys.slice(0, 4).map(async (id) => {
          const arms = [
            { name: 'a', share: 1 },
            { name: 'b', share: 1 },
          ];
          const headers = { 'content-type': 'application/json' };
          const body = JSON.stringify({ surface: id, arms });
          await server.get(`/v1/experiments/${id}`, { method: 'PUT', headers, body });
        }),
      );
      const { body: job } = await server.post('/v1/snapshots', {});
      const { interests } = (await server.get('/v1/interests')).body;
      // What few routes take is drawn more often.
      const rare = [server.graphs.version, interests[0].id, job.id, modelVersion, model.label].map(String);
      const known = [
        ...keys,
        ...kept.map(({ body }) => String(body.recommendationId)),
        ...Array.from({ length: 4 }, () => rare).flat(),
      ];
      const statuses: Record<string, Record<string, number>> = {};
      const faults: string[] = [];
      const succeeded = await exampleOfEach(routes);
      for (const route of routes) {
        await noJob();
        const seen: Record<string, number> = {};
        statuses[route.operationId] = seen;
        const share = Math.ceil(requestCount / routes.length);
        const requests = fc.sample(fuzzedRequest(route, known, succeeded.get(route)!), share);
        for (let first = 0; first < requests.length; first += atOnce) {
          const some = requests.slice(first, first + atOnce);
          const answers = await Promise.all(
            some.map(async (request) => send(server.url, request, { isAll: request.isBrokenHttp })),
          );
          for (const [i, request] of some.entries()) {
            const status = answers[i]?.status ?? 'closed';
            seen[status] = (seen[status] ?? 0) + 1;
            const fault = faultOf(request, answers[i]);
            if (fault !== undefined) faults.push(`${fault.slice(0, 500)} to ${describeRequest(request)}`);
          }
        }
      }
      if (process.env['PINWALK_FUZZ'] !== undefined) console.table(statuses);
      expect(faults.slice(0, 10)).toEqual([]);
      await noJob();
      expect(await appleItems()).toBe(items);
      // No thread has ended.
      expect(server.faults).toEqual([]);
      expect(server.graphs.queue.running + server.graphs.queue.length).toBe(0);
    },
  );
});

describe('oversized requests', () => {
  const megabytes = (count: number): string => 'a'.repeat(count * 2 ** 20);
  const post = (body: Uint8Array, headers: [string, string][] = []) =>
    send(server.url, {
      method: 'POST',
      target: '/v1/recommendations',
      headers: [
        ['Host', 'localhost'],
        ['Connection', 'close'],
        ['Content-Type', 'application/json'],
        ['Content-Length', String(body.length)],
        ...headers,
      ],
      body,
    });
  /** 1 GiB unpacked from 1 MB: 64 parts of 16 MiB of one letter. */
  const bomb = (): Buffer => Buffer.concat(Array.from({ length: 64 }, () => packed));
  const packed = gzipSync(megabytes(16));

  test.each<[string, () => Uint8Array, [string, string][], string]>([
    ['an id of 10 MB', () => Buffer.from(`{"query":[{"pin":"${megabytes(10)}"}]}`), [], 'body-too-large'],
    ['a gzip bomb', bomb, [['Content-Encoding', 'gzip']], 'body-too-large'],
    [
      'an id of 900 KB',
      () => Buffer.from(`{"query":[{"pin":"${'a'.repeat(900_000)}"}]}`),
      [],
      'invalid-request',
    ],
    ['100,000 entries', () => Buffer.from(`{"query":[${'{},'.repeat(99_999)}{}]}`), [], 'invalid-request'],
    ['100,000 numbers', () => Buffer.from(`{"query":[${'1,'.repeat(99_999)}1]}`), [], 'invalid-request'],
    [
      '100,000 keys',
      () => Buffer.from(`{${Array.from({ length: 80_000 }, (_, i) => `"k${i}":1`).join()}}`),
      [],
      'invalid-request',
    ],
    [
      'nested 10,000 deep',
      () => Buffer.from('{"query":'.repeat(10_000) + '1' + '}'.repeat(10_000)),
      [],
      'invalid-request',
    ],
    [
      'nested 500,000 deep',
      () => Buffer.from('['.repeat(500_000) + ']'.repeat(500_000)),
      [],
      'invalid-request',
    ],
    [
      'a filter nested 100,000 deep',
      () => Buffer.from(`{"query":[{"pin":"basil"}],"filter":{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`),
      [],
      'invalid-request',
    ],
  ])('refuses %s', async (_name, body, headers, code) => {
    const answer = await post(body(), headers);
    expect(answer?.body).toMatchObject({ code });
    expect(JSON.stringify(answer?.body).length).toBeLessThan(50_000);
    expect((await server.get('/healthz')).status).toBe(200);
  });

  test('the process has returned its memory after all requests', async () => {
    await pause(0);
    expect(process.memoryUsage().rss).toBeLessThan(1.5 * 2 ** 30);
  });
});
