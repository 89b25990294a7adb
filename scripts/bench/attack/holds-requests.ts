import { type RandomStream, channelKinds, nextBelow } from '../../../engine/index.ts';
import { armsMax } from '../../../graph-data/experiments/index.ts';

/** A request of the fuzz. */
export interface ExpensiveRequest {
  /** The call, by its path in the OpenAPI document. */
  readonly call: string;
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly type?: string;
}

type Make = (random: (below: number) => number, size: number) => Partial<ExpensiveRequest>;

const json = (value: unknown): Partial<ExpensiveRequest> => ({ body: JSON.stringify(value) });
const list = <Item>(length: number, make: (i: number) => Item): Item[] =>
  Array.from({ length }, (_, i) => make(i));
const words = [
  'even',
  'odd',
  'third',
  'other',
  'common',
  'words',
  'that',
  'are',
  'in',
  'the',
  'text',
  'of',
  'every',
];

/** Distinct from earlier ones, most of the time. */
const saves: Make = (random, size) =>
  json(
    list(1 + random(10_000), (i) => ({
      user: 'writer',
      board: `w${random(50)}`,
      pin: `new${random(size)}-${i}`,
    })),
  );
const recommendation = (random: (below: number) => number, size: number): object => ({
  query: list(
    1 + random(100),
    () =>
      [{ user: 'whale' }, { user: 'many' }, { board: 'whale' }, { pin: `pin${random(size)}` }][random(4)]!,
  ),
  limit: 1 + random(1_000),
  explain: random(2) === 0,
  fields: ['title', 'text'],
  randomSeed: random(2 ** 31),
  exclude: { pins: list(random(10_000), (i) => `pin${i}`) },
});

const largestSubscription = {
  endpoint: `https://push.example.com/${'x'.repeat(2_000)}`,
  keys: { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) },
};

/** The most expensive requests of each call: its largest nodes, lists, texts and bodies. */
const calls: Readonly<Record<string, Make>> = {
  'GET /v1/pins/{pin}': () => ({ path: '/v1/pins/hub' }),
  'GET /v1/boards/{board}': () => ({ path: '/v1/boards/whale' }),
  'GET /v1/users/{user}': (random) => ({ path: `/v1/users/${['many', 'whale'][random(2)]!}` }),
  'GET /v1/pins/{pin}/saves': () => ({ path: '/v1/pins/hub/saves?limit=1000' }),
  'GET /v1/boards/{board}/saves': () => ({ path: '/v1/boards/whale/saves?limit=1000' }),
  'GET /v1/users/{user}/saves': (random) => ({
    path: `/v1/users/${['many', 'whale'][random(2)]!}/saves?limit=1000`,
  }),
  'GET /v1/users/{user}/export': (random) => ({ path: `/v1/users/${['many', 'whale'][random(2)]!}/export` }),
  'GET /v1/search': (random) => {
    const kind = ['pins', 'boards', 'users'][random(3)]!;
    const text =
      kind === 'pins'
        ? list(1 + random(16), () => words[random(words.length)]!).join('+')
        : ['b', 'board1', 'u', 'm', 'w'][random(5)]!;
    return { path: `/v1/search?kind=${kind}&limit=100&q=${text}` };
  },
  'GET /v1/graph': () => ({}),
  'GET /metrics': () => ({}),
  'GET /openapi.json': () => ({}),
  'GET /llms.txt': () => ({}),
  'GET /docs': () => ({}),
  'GET /healthz': () => ({}),
  'GET /readyz': () => ({}),
  'GET /v1/jobs': () => ({}),
  'GET /v1/snapshots': () => ({}),
  'GET /v1/popular': () => ({ path: '/v1/popular?limit=1000' }),
  'GET /v1/pins/{pin}/related': () => ({ path: '/v1/pins/hub/related?limit=1000&explain=true' }),
  'GET /v1/boards/{board}/ideas': () => ({ path: '/v1/boards/whale/ideas?limit=1000' }),
  'GET /v1/users/{user}/feed': () => ({ path: '/v1/users/many/feed?limit=1000' }),
  'GET /v1/users/{user}/boards': () => ({ path: '/v1/users/many/boards?limit=1000' }),
  'POST /v1/recommendations': (random, size) => json(recommendation(random, size)),
  'POST /v1/recommendations/batch': (random, size) =>
    json({
      requests: list(100, () => ({
        query: [{ pin: `pin${random(size)}` }],
        limit: 1_000,
        explain: true,
        fields: ['title', 'text'],
      })),
    }),
  'POST /v1/walks': (random, size) =>
    json({ query: [{ pin: `pin${random(size)}` }, { pin: 'hub' }], limit: 100 }),
  'POST /v1/saves': (random, size) =>
    random(2) === 0
      ? saves(random, size)
      : {
          type: 'application/x-ndjson',
          body: list(20_000, (i) =>
            random(4) === 0
              ? '{}'
              : JSON.stringify({ user: 'streamer', board: `s${i % 100}`, pin: `pin${random(size)}` }),
          ).join('\n'),
        },
  'POST /v1/interactions': (random, size) => {
    const interaction = (i: number): object => ({
      kind: ['impression', 'click'][random(2)]!,
      user: `visitor${random(size)}`,
      pin: `pin${random(size)}`,
      recommendationId: `list${i % 500}`,
      surface: 'feed',
      rank: 1 + random(20),
    });
    return random(2) === 0
      ? json(list(10_000, interaction))
      : {
          type: 'application/x-ndjson',
          body: list(20_000, (i) => (random(4) === 0 ? '{}' : JSON.stringify(interaction(i)))).join('\n'),
        };
  },
  'GET /v1/interests': () => ({ path: '/v1/interests?limit=200&pins=24' }),
  'GET /v1/interests/{interest}': () => ({ path: '/v1/interests/aaaaaaaa?pins=24' }),
  'PUT /v1/interests/{interest}': () => ({
    path: '/v1/interests/aaaaaaaa',
    ...json({ name: 'x'.repeat(100) }),
  }),
  'GET /v1/users/{user}/interests': () => ({ path: '/v1/users/many/interests?limit=200' }),
  'PUT /v1/users/{user}/interests/{interest}': () => ({
    path: '/v1/users/many/interests/aaaaaaaa',
    ...json({ hidden: true }),
  }),
  'GET /v1/users/{user}/channels': () => ({ path: '/v1/users/many/channels' }),
  'PUT /v1/users/{user}/channels': (random) => ({
    path: `/v1/users/many${random(10)}/channels`,
    ...json({
      channels: list(channelKinds.length, (i) => ({
        kind: channelKinds[i]!,
        consent: true,
        timeZone: 'Europe/Berlin',
        ...(channelKinds[i] === 'email' && { address: 'many@example.com' }),
        ...(channelKinds[i] === 'push' && { subscription: largestSubscription }),
      })),
    }),
  }),
  'GET /v1/users/{user}/notifications': () => ({ path: '/v1/users/many/notifications?limit=100' }),
  'GET /v1/users/{user}/notifications/plan': () => ({ path: '/v1/users/many/notifications/plan' }),
  'POST /v1/users/{user}/notifications/read': () => ({
    path: '/v1/users/many/notifications/read',
    ...json({ ids: list(1_000, (i) => `notification ${i}`) }),
  }),
  'GET /v1/unsubscribe/{token}': () => ({ path: `/v1/unsubscribe/${'x'.repeat(200)}` }),
  'POST /v1/unsubscribe/{token}': () => ({ path: `/v1/unsubscribe/${'x'.repeat(200)}` }),
  'GET /v1/notifications/{token}/click': () => ({ path: `/v1/notifications/${'x'.repeat(200)}/click` }),
  'GET /v1/notifications/{token}/open': () => ({ path: `/v1/notifications/${'x'.repeat(200)}/open` }),
  'GET /v1/models': () => ({}),
  'POST /v1/models/{version}/activate': () => ({ path: '/v1/models/0123456789abcdef/activate' }),
  'GET /v1/experiments': () => ({ path: '/v1/experiments' }),
  'GET /v1/experiments/{id}': () => ({ path: '/v1/experiments/large' }),
  'GET /v1/experiments/{id}/report': () => ({ path: '/v1/experiments/large/report' }),
  'PUT /v1/experiments/{id}': () => ({ path: '/v1/experiments/large', ...json(largestExperiment) }),
  'DELETE /v1/experiments/{id}': () => ({ path: '/v1/experiments/large' }),
  'POST /v1/experiments/{id}/promotion': () => ({
    path: '/v1/experiments/large/promotion',
    ...json({ arm: 'arm 1', preset: 'promoted' }),
  }),
  'GET /v1/changes': (random) => ({ path: `/v1/changes?after=${random(10) * 1_000}&limit=10000` }),
  'GET /v1/campaigns': () => ({ path: '/v1/campaigns?limit=1000' }),
  'GET /v1/campaigns/{id}': () => ({ path: '/v1/campaigns/large' }),
  'GET /v1/campaigns/{id}/report': () => ({ path: '/v1/campaigns/large/report' }),
  'PUT /v1/campaigns/{id}': (random) => ({
    path: `/v1/campaigns/large?dryRun=${random(2) === 0}`,
    ...json(largestCampaign),
  }),
  'DELETE /v1/campaigns/{id}': () => ({ path: '/v1/campaigns/large' }),
  'GET /v1/reports/engagement': (random) => ({
    path: `/v1/reports/engagement?by=${['surface', 'rank', 'day'][random(3)]!}`,
  }),
  'GET /v1/reports/notifications': (random) => ({ path: `/v1/reports/notifications?days=${1 + random(60)}` }),
  'DELETE /v1/saves': (random, size) =>
    json(
      list(1 + random(10_000), () => {
        const i = random(size);
        return { user: i % 3 === 0 ? 'many' : `user${i}`, board: `board${i}`, pin: 'hub' };
      }),
    ),
  'PUT /v1/pins/{pin}': (random) => ({
    path: `/v1/pins/big${random(10)}`,
    ...json({ text: 'x'.repeat(500_000) }),
  }),
  'PUT /v1/boards/{board}': () => ({
    path: '/v1/boards/big',
    ...json({ owner: 'writer', attributes: { a: 'x'.repeat(500_000) } }),
  }),
  'PUT /v1/users/{user}': () => ({
    path: '/v1/users/writer',
    ...json({ attributes: { a: list(100, () => 'x'.repeat(1_000)) } }),
  }),
  'DELETE /v1/pins/{pin}': (random, size) => ({ path: `/v1/pins/pin${random(size)}` }),
  'POST /v1/snapshots': () => json({}),
};

/** With the most pins and targets. */
const largestCampaign = {
  pins: list(100, (i) => `pin${i}`),
  targets: { pins: list(100, (i) => `pin${i}`), boards: list(100, (i) => `board${i}`) },
  users: Object.fromEntries(list(30, (i) => [`field ${i}`, { in: list(8, () => 'x'.repeat(4_000)) }])),
  bid: { per: 'click', micros: 1e6 },
  dailyBudgetMicros: 1e12,
};

/** With the most arms, and a filter that is long to check for each request. */
const largestExperiment = {
  surface: 'related',
  users: Object.fromEntries(list(30, (i) => [`field ${i}`, { in: list(8, () => 'x'.repeat(4_000)) }])),
  arms: list(armsMax, (i) => ({
    name: `arm ${i}`,
    share: 1,
    algorithm: 'related',
    params: { steps: 100 + i },
  })),
};

/** Calls with an id that only an earlier response knows. */
export const callsLeftOut: readonly string[] = [
  'GET /docs/{file}',
  'GET /v1/jobs/{id}',
  'DELETE /v1/jobs/{id}',
  'POST /v1/recommendations/{id}/next',
  'POST /v1/snapshots/{version}/activate',
  'DELETE /v1/users/{user}',
];

export const callNames: readonly string[] = Object.keys(calls);

/** A request of a call. */
export function makeRequest(call: string, stream: RandomStream, size: number): ExpensiveRequest {
  const [method, path] = call.split(' ') as [string, string];
  return { call, method, path, ...calls[call]!((below) => nextBelow(stream, below), size) };
}
