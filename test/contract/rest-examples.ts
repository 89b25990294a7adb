import { truncateSync } from 'node:fs';
import type { ProblemCode } from '../../api/index.ts';
import { signLink } from '../../api/notifications/links.ts';
import {
  type DataFolder,
  NotificationStore,
  importFiles,
  readChannels,
  readLinkSecret,
  trainModel,
} from '../../graph-data/index.ts';
import { clickLog, writeInteractions } from '../click-log.ts';
import { writeInput } from '../data-folders.ts';
import type { TestServer } from '../api/server.ts';
import { topicSaves } from '../topics.ts';

/** One request of an operation of the OpenAPI document, and its expected outcome. */
export interface Example {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the response is a success. */
  readonly problem?: ProblemCode;
}

/** An example, or a function that makes one by calling the server first. */
export type ExampleOf = Example | ((server: TestServer) => Promise<Example>);

/** The graph of the examples. */
export async function fillForExamples(folder: DataFolder): Promise<void> {
  const saves = [
    'ann pasta basil',
    'ann pasta tomato',
    'ann pasta garlic',
    'ben salad tomato',
    'ben salad basil',
    // Enough for an interest.
    ...topicSaves(['bread']),
  ];
  const lines = saves.map((save) => {
    const [user, board, pin] = save.split(' ');
    return JSON.stringify({ user, board, pin });
  });
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', lines.join('\n')),
    writeInput(folder, 'pins.csv', 'pin,title,price\ntomato,Tomato,2\n'),
    writeInput(folder, 'users.csv', 'user,title\nnewcomer,New\n'),
  ]);
}

/** Waits until no job is running. */
async function noJob(server: TestServer): Promise<void> {
  for (;;) {
    const { jobs } = (await server.get('/v1/jobs')).body as { jobs: { state: string }[] };
    if (jobs.every(({ state }) => state !== 'running')) return;
  }
}

async function newJob(server: TestServer): Promise<string> {
  await noJob(server);
  return (await server.post('/v1/snapshots', { activate: false })).body.id as string;
}

async function someInterest(server: TestServer): Promise<string> {
  const { body } = await server.get('/v1/interests');
  // A server without a graph lists none.
  return body.interests?.[0].id ?? 'aaaaaaaa';
}

async function someVersion(server: TestServer): Promise<string> {
  return (await server.get('/v1/snapshots')).body.snapshots[0].version as string;
}

function someModel(folder: DataFolder, randomSeed = 1): string {
  writeInteractions(folder, clickLog(100));
  const options = { label: 'click', learner: 'ftrl', windowHours: 24, zone: 'UTC' } as const;
  return trainModel(folder, { ...options, randomSeed, codeVersion: 'test' }).version;
}

/** A request whose Idempotency-Key belongs to a different one. */
function otherBody(example: Example, method: string, path: string, body: unknown): ExampleOf {
  return async (server) => {
    const key = `key-${method}${path.replaceAll('/', '-')}`;
    await server.get(path, {
      method: method.toUpperCase(),
      headers: { 'idempotency-key': key, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { ...example, headers: { 'idempotency-key': key }, problem: 'conflict' };
  };
}

const arms = [
  { name: 'a', share: 1 },
  { name: 'b', share: 2, algorithm: 'related', params: { specificity: 0.8 } },
];

/** An experiment on a surface of its own. */
function experiment(id: string) {
  return { params: { id }, body: { surface: id, arms } };
}

/** A campaign of its own. */
function campaign(id: string) {
  const bid = { per: 'click', micros: 400_000 } as const;
  return { params: { id }, body: { pins: ['garlic'], bid, dailyBudgetMicros: 20_000_000 } };
}

/** The path of a campaign that is stored. */
async function storedCampaign(server: TestServer, id: string): Promise<Example> {
  const { params, body } = campaign(id);
  await server.get(`/v1/campaigns/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { params };
}

const zone = { consent: true, timeZone: 'Europe/Berlin' };
const channels = [
  { kind: 'email', address: 'ann@example.com', ...zone, quietHours: { start: '22:00', end: '07:00' } },
  {
    kind: 'push',
    subscription: {
      endpoint: 'https://push.example.com/x',
      keys: { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) },
    },
    ...zone,
  },
  { kind: 'webhook', ...zone, consentAt: '2026-05-17', caps: { perDay: 1 }, language: 'de' },
];

/** A signed link of a notification that was sent. */
async function link(server: TestServer, purpose: 'unsubscribe' | 'click' | 'open'): Promise<Example> {
  const store = new NotificationStore(server.folder, 1_000);
  const [user, now] = ['linked', Date.now()];
  const settings = {
    kind: 'inbox',
    address: '',
    consent: true,
    timeZone: 'UTC',
    caps: {},
    language: 'en',
  } as const;
  store.putChannels(user, [settings], now);
  const copy = { title: 'New', text: '', link: 'https://example.com/basil', language: 'en' };
  const common = { user, channel: 'inbox', campaign: 'digest', copy, expires: now + 60_000 } as const;
  store.propose([{ ...common, window: purpose, pins: ['basil'] }], now);
  const { id } = store.claim(now, 1_000, 1)[0] ?? { id: 'claimed before' };
  store.close();
  const [{ channelId } = { channelId: '' }] = readChannels(server.folder, user);
  const secret = readLinkSecret(server.folder)!;
  links.set(purpose, links.get(purpose) ?? id);
  const token = signLink(secret, purpose, purpose === 'unsubscribe' ? channelId : links.get(purpose)!);
  return { params: { token } };
}
/** Of each purpose, the notification of the first call. */
const links = new Map<string, string>();
const forged = { params: { token: 'forged.token' }, problem: 'unknown-link' } as const;

/** The path of an experiment that is stored. */
async function stored(server: TestServer, id: string): Promise<Example> {
  const { params, body } = experiment(id);
  await server.get(`/v1/experiments/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { params };
}

/**
 * Requests by operationId. The first is the default, from which rest.test.ts provokes the problems of every operation;
 * the others cover further forms of the response, and each problem of the operation itself.
 */
export const examples: Readonly<Record<string, readonly [ExampleOf, ...ExampleOf[]]>> = {
  metrics: [{}],
  addSaves: [
    { body: { user: 'dan', board: 'soup', pin: 'leek', savedAt: '2026-05-17T09:30:00+02:00', weight: 2 } },
    {
      body: [
        { user: 'dan', pin: 'leek' },
        { user: 'dan', board: 'soup', pin: 'leek' },
      ],
    },
    { body: { user: 'dan', board: 'pasta', pin: 'leek' }, problem: 'conflict' },
  ],
  removeSaves: [
    { body: { user: 'dan', board: 'soup', pin: 'leek' } },
    { body: [{ user: 'nobody', pin: 'leek' }] },
    otherBody({ body: { user: 'dan', pin: 'leek' } }, 'delete', '/v1/saves', { user: 'dan', pin: 'none' }),
  ],
  addInteractions: [
    {
      body: {
        id: 'c1',
        kind: 'click',
        user: 'dan',
        pin: 'leek',
        at: '2026-05-17T09:30:00Z',
        surface: 'feed',
      },
    },
    {
      body: [
        { kind: 'impression', user: 'dan', pin: 'gone', recommendationId: 'r1', rank: 1, propensity: 0.5 },
        { kind: 'unsubscribe', user: 'visitor' },
      ],
    },
  ],
  reportEngagement: [
    { query: { from: '2026-05-01', to: '2026-05-31', by: 'rank', windowHours: 48, dedupe: 'none' } },
    { query: { from: '2026-05-02', to: '2026-05-01' }, problem: 'invalid-request' },
  ],
  listInterests: [
    { query: { limit: 1, depth: 1, hidden: true, pins: 0 } },
    { query: { parent: 'aaaaaaaa' }, problem: 'unknown-interest' },
  ],
  getInterest: [
    async (server) => ({ params: { interest: await someInterest(server) }, query: { pins: 2 } }),
    { params: { interest: 'aaaaaaaa' }, problem: 'unknown-interest' },
  ],
  putInterest: [
    async (server) => ({ params: { interest: await someInterest(server) }, body: { name: 'Baking' } }),
    { params: { interest: 'aaaaaaaa' }, body: {}, problem: 'unknown-interest' },
  ],
  listUserInterests: [
    { params: { user: 'bread-fan-1' }, query: { limit: 3, tags: 5 } },
    { params: { user: 'nobody' }, problem: 'unknown-user' },
  ],
  putUserInterest: [
    async (server) => ({
      params: { user: 'ann', interest: await someInterest(server) },
      body: { hidden: true },
    }),
    { params: { user: 'nobody', interest: 'aaaaaaaa' }, body: { hidden: true }, problem: 'unknown-user' },
    { params: { user: 'ann', interest: 'aaaaaaaa' }, body: { hidden: true }, problem: 'unknown-interest' },
    async (server) => {
      const interest = await someInterest(server);
      const path = `/v1/users/ann/interests/${interest}`;
      const example = { params: { user: 'ann', interest }, body: { hidden: true } };
      const made = otherBody(example, 'put', path, { hidden: false });
      return typeof made === 'function' ? made(server) : made;
    },
  ],
  listExperiments: [{}],
  putExperiment: [
    experiment('ab'),
    {
      params: { id: 'of-boards' },
      body: { surface: 'other', users: { country: 'de' }, arms, holdout: 0.1, end: '2099-01-01' },
    },
    async (server) => {
      await stored(server, 'first');
      return { ...experiment('second'), body: { ...experiment('first').body }, problem: 'conflict' };
    },
  ],
  getExperiment: [
    async (server) => stored(server, 'ab'),
    { params: { id: 'nothing' }, problem: 'unknown-experiment' },
  ],
  reportExperiment: [
    async (server) => stored(server, 'ab'),
    { params: { id: 'nothing' }, problem: 'unknown-experiment' },
  ],
  removeExperiment: [async (server) => stored(server, 'gone'), { params: { id: 'nothing' } }],
  promoteArm: [
    async (server) => ({ ...(await stored(server, 'won')), body: { arm: 'b', preset: 'winner' } }),
    { params: { id: 'nothing' }, body: { arm: 'b', preset: 'winner' }, problem: 'unknown-experiment' },
  ],
  listCampaigns: [
    async (server) => ({ ...(await storedCampaign(server, 'ads')), params: {}, query: { limit: 1 } }),
  ],
  putCampaign: [
    campaign('ads'),
    { ...campaign('ads-2'), query: { dryRun: true } },
    {
      params: { id: 'ads-3' },
      body: {
        pins: ['tomato'],
        label: 'Sponsored',
        targets: { pins: ['basil'], boards: ['salad'] },
        users: { language: 'de' },
        surfaces: ['home'],
        bid: { per: 'save', micros: 1 },
        dailyBudgetMicros: 1,
        totalBudgetMicros: 1,
        timeZone: 'Asia/Tokyo',
        frequencyCap: { impressions: 1, hours: 720 },
        holdout: 0.5,
        start: '2099-01-01',
        end: '2099-02-01',
        paused: true,
      },
    },
    async (server) => {
      const { params, body } = campaign('begun');
      await storedCampaign(server, 'begun');
      return { params, body: { ...body, timeZone: 'Asia/Tokyo' }, problem: 'conflict' };
    },
  ],
  getCampaign: [
    async (server) => storedCampaign(server, 'ads'),
    { params: { id: 'nothing' }, problem: 'unknown-campaign' },
  ],
  reportCampaign: [
    async (server) => {
      const example = await storedCampaign(server, 'seen');
      await server.post('/v1/recommendations', {
        query: [{ pin: 'basil' }],
        limit: 1,
        viewer: 'dan',
        promoted: { slots: [1] },
      });
      return example;
    },
    { params: { id: 'nothing' }, problem: 'unknown-campaign' },
  ],
  removeCampaign: [async (server) => storedCampaign(server, 'gone'), { params: { id: 'nothing' } }],
  putPin: [
    { params: { pin: 'leek' }, body: { title: 'Leek', createdAt: 1_779_000_000, attributes: { price: 1 } } },
    otherBody({ params: { pin: 'leek' }, body: {} }, 'put', '/v1/pins/leek', { title: 'x' }),
  ],
  putBoard: [
    { params: { board: 'soup' }, body: { owner: 'dan', title: 'Soups' } },
    { params: { board: 'soup' }, body: { owner: 'ann' }, problem: 'conflict' },
    { params: { board: 'nobodys' }, body: {}, problem: 'conflict' },
  ],
  putUser: [
    { params: { user: 'dan' }, body: { attributes: { language: 'en' } } },
    otherBody({ params: { user: 'dan' }, body: {} }, 'put', '/v1/users/dan', { attributes: {} }),
  ],
  removePin: [
    { params: { pin: 'leek' } },
    { params: { pin: 'nothing' } },
    otherBody({ params: { pin: 'nothing' } }, 'delete', '/v1/pins/leek', undefined),
  ],
  relatedPins: [
    { params: { pin: 'basil' } },
    {
      params: { pin: 'basil' },
      query: { limit: 1, explain: true, fields: 'title,price', algorithm: 'pixie' },
    },
    { params: { pin: 'basil' }, query: { model: 'nothing' }, problem: 'unknown-model' },
    { params: { pin: 'nothing' }, problem: 'unknown-pin' },
  ],
  boardIdeas: [
    { params: { board: 'salad' } },
    { params: { board: 'salad' }, query: { model: 'nothing' }, problem: 'unknown-model' },
    { params: { board: 'nothing' }, problem: 'unknown-board' },
  ],
  userFeed: [
    { params: { user: 'ben' } },
    { params: { user: 'newcomer' } },
    { params: { user: 'ben' }, query: { model: 'nothing' }, problem: 'unknown-model' },
    { params: { user: 'nobody' }, problem: 'unknown-user' },
  ],
  userBoards: [
    { params: { user: 'ben' }, query: { explain: true } },
    { params: { user: 'nobody' }, problem: 'unknown-user' },
  ],
  popular: [{}, { query: { target: 'users', limit: 1, fields: 'title' } }],
  recommend: [
    { body: { query: [{ pin: 'basil', weight: 2 }, { user: 'ben' }, { pin: 'nothing' }], explain: true } },
    { body: { query: [{ pin: 'basil' }], target: 'users', filter: { title: { exists: false } } } },
    { body: { query: [{ pin: 'basil' }], record: { user: 'ben', surface: 'home', arm: 'b' } } },
    async (server) => {
      await storedCampaign(server, 'ads');
      return {
        body: {
          query: [{ pin: 'basil' }],
          limit: 1,
          viewer: 'eve',
          promoted: { slots: [1, 2], surface: 'home' },
          fields: ['title'],
        },
      };
    },
    { body: { query: [{ pin: 'basil' }], filter: { price: {} } }, problem: 'invalid-filter' },
    { body: { query: [{ pin: 'basil' }], model: 'nothing' }, problem: 'unknown-model' },
    { body: { query: [{ pin: 'nothing' }] }, problem: 'unknown-pin' },
    { body: { query: [{ board: 'nothing' }] }, problem: 'unknown-board' },
    { body: { query: [{ user: 'nobody' }] }, problem: 'unknown-user' },
  ],
  recommendBatch: [
    {
      body: {
        requests: [{ query: [{ pin: 'basil' }] }, { query: [{ pin: 'nothing' }] }],
        distinct: true,
      },
    },
    { body: { requests: [{ query: [{ pin: 'basil' }], filter: { price: {} } }] }, problem: 'invalid-filter' },
  ],
  recommendNext: [
    async (server) => {
      const first = await server.post('/v1/recommendations', { query: [{ pin: 'basil' }], limit: 1 });
      return { params: { id: String(first.body.recommendationId) }, query: { limit: 1 } };
    },
    { params: { id: 'nothing' }, problem: 'unknown-recommendation' },
  ],
  diagnoseWalk: [
    { body: { query: [{ pin: 'basil', weight: 2 }, { user: 'ben' }, { pin: 'nothing' }] } },
    { body: { query: [{ pin: 'basil' }], target: 'users' }, query: { nodes: 10 } },
    { body: { query: [{ user: 'newcomer' }] } },
    { body: { query: [{ pin: 'basil' }], algorithm: 'paths' }, problem: 'invalid-request' },
    { body: { query: [{ pin: 'basil' }], filter: { price: {} } }, problem: 'invalid-filter' },
    { body: { query: [{ pin: 'nothing' }] }, problem: 'unknown-pin' },
    { body: { query: [{ board: 'nothing' }] }, problem: 'unknown-board' },
    { body: { query: [{ user: 'nobody' }] }, problem: 'unknown-user' },
    { body: { query: [{ pin: 'basil' }], model: 'nothing' }, problem: 'unknown-model' },
  ],
  getPin: [{ params: { pin: 'tomato' } }, { params: { pin: 'nothing' }, problem: 'unknown-pin' }],
  getBoard: [{ params: { board: 'salad' } }, { params: { board: 'nothing' }, problem: 'unknown-board' }],
  getUser: [{ params: { user: 'newcomer' } }, { params: { user: 'nobody' }, problem: 'unknown-user' }],
  exportUser: [{ params: { user: 'ann' } }, { params: { user: 'nobody' }, problem: 'unknown-user' }],
  eraseUser: [
    async (server) => {
      await noJob(server);
      await server.post('/v1/saves', { user: 'gone', pin: 'leek' });
      return { params: { user: 'gone' } };
    },
    async (server) => {
      await noJob(server);
      return { params: { user: 'nobody' }, problem: 'unknown-user' };
    },
  ],
  listPinSaves: [
    { params: { pin: 'basil' } },
    async (server) => {
      const first = await server.get('/v1/pins/basil/saves?limit=1');
      return { params: { pin: 'basil' }, query: { limit: 1, cursor: String(first.body.nextCursor) } };
    },
    { params: { pin: 'basil' }, query: { cursor: 'nothing' }, problem: 'invalid-request' },
    { params: { pin: 'nothing' }, problem: 'unknown-pin' },
  ],
  listBoardSaves: [
    { params: { board: 'salad' }, query: { limit: 1 } },
    { params: { board: 'nothing' }, problem: 'unknown-board' },
  ],
  listUserSaves: [
    { params: { user: 'ann' }, query: { limit: 1 } },
    { params: { user: 'nobody' }, problem: 'unknown-user' },
  ],
  search: [
    { query: { q: 'toma', expand: true } },
    { query: { q: 'toma', explain: true, suggest: 2, facets: 'title', collapse: 'title', limit: 1 } },
    { query: { q: 'sal', kind: 'boards' } },
    { query: { q: 'be', kind: 'users', limit: 1 } },
    { query: { q: 'be', user: 'nobody' }, problem: 'unknown-user' },
    { query: { q: 'be', filter: '{"nothing":1}' }, problem: 'invalid-filter' },
  ],
  getChannels: [{ params: { user: 'ann' } }, { params: { user: 'nobody' } }],
  putChannels: [
    { params: { user: 'ann' }, body: { channels } },
    { params: { user: 'ann' }, body: { channels: [] } },
    { params: { user: 'ann' }, body: { channels: [channels[0], channels[0]] }, problem: 'invalid-request' },
  ],
  getInbox: [{ params: { user: 'ann' } }, { params: { user: 'ann' }, query: { limit: 1 } }],
  reportNotifications: [{}, { query: { days: 60 } }, { query: { days: 61 }, problem: 'invalid-request' }],
  getNotificationPlan: [{ params: { user: 'ann' } }, { params: { user: 'nobody' } }],
  markRead: [
    { params: { user: 'ann' }, body: {} },
    { params: { user: 'ann' }, body: { ids: ['x'] } },
  ],
  askToUnsubscribe: [async (server) => link(server, 'unsubscribe'), forged],
  unsubscribe: [async (server) => link(server, 'unsubscribe'), forged],
  followNotification: [async (server) => link(server, 'click'), forged],
  openNotification: [async (server) => link(server, 'open'), forged],
  getGraph: [{}],
  listModels: [{}],
  activateModel: [
    async ({ folder }) => ({ params: { version: someModel(folder) } }),
    { params: { version: '0123456789abcdef' }, problem: 'unknown-model' },
    async ({ folder }) => {
      const version = someModel(folder, 2);
      truncateSync(`${folder.root}/models/${version}.model`, 200);
      return { params: { version }, problem: 'conflict' };
    },
  ],
  listSnapshots: [{}],
  buildSnapshot: [
    async (server) => {
      await noJob(server);
      return { body: { activate: false } };
    },
  ],
  activateSnapshot: [
    async (server) => {
      await noJob(server);
      return { params: { version: await someVersion(server) }, body: {} };
    },
    async (server) => {
      await noJob(server);
      return { params: { version: 'nothing' }, body: {}, problem: 'unknown-snapshot' };
    },
  ],
  listChanges: [
    async (server) => {
      await noJob(server);
      const { headers } = await server.post('/v1/saves', { user: 'dan', pin: `leek ${Math.random()}` });
      return { query: { after: Number(headers.get('pinwalk-position')) - 1, limit: 10, waitMs: 1 } };
    },
    { query: { after: 0 }, problem: 'position-gone' },
  ],
  listJobs: [{}],
  getJob: [
    async (server) => ({ params: { id: await newJob(server) } }),
    { params: { id: 'nothing' }, problem: 'unknown-job' },
  ],
  cancelJob: [
    async (server) => ({ params: { id: await newJob(server) } }),
    { params: { id: 'nothing' }, problem: 'unknown-job' },
    async (server) => {
      const id = await newJob(server);
      await noJob(server);
      return { params: { id }, problem: 'conflict' };
    },
  ],
  health: [{}],
  readiness: [{}],
  openapi: [{}],
  guide: [{}],
  docs: [{}],
  docsFile: [{ params: { file: 'docs.css' } }, { params: { file: 'nothing' }, problem: 'unknown-route' }],
};

const fullQueue = { overloaded: 'only while 100,000 changes wait: test/api/writes.test.ts' };
const brokenFile = { 'storage-unavailable': 'has a file of its own: test/api/experiments.test.ts breaks it' };
const ownFile = {
  ...fullQueue,
  'storage-unavailable': 'have a file of their own: test/api/notifications.test.ts breaks it',
};
const ownLedger = {
  ...fullQueue,
  'storage-unavailable': 'have a file of their own: test/api/campaigns.test.ts breaks it',
};
const brokenTree = { 'storage-unavailable': 'has a file of its own: test/api/interests.test.ts breaks it' };

/** Problems that no request from outside can provoke, by operationId (`*` for every one), each with the reason. */
export const unprovokable: Readonly<Record<string, Partial<Record<ProblemCode, string>>>> = {
  addSaves: fullQueue,
  reportEngagement: {
    overloaded: 'only while ten reports wait: test/api/reports.test.ts',
    'graph-not-ready': 'only by community or popularity: test/api/reports.test.ts',
    conflict: 'only by community without communities: test/api/reports.test.ts',
  },
  reportExperiment: { overloaded: 'only while ten reports wait: test/api/reports.test.ts' },
  addInteractions: {
    ...fullQueue,
    'storage-unavailable': 'has files of its own: test/api/interactions.test.ts locks one',
  },
  listInterests: brokenTree,
  getInterest: brokenTree,
  putInterest: { ...brokenTree, conflict: 'only beyond 5,000 edits: test/api/interests.test.ts' },
  listUserInterests: brokenTree,
  putUserInterest: { ...brokenTree, ...fullQueue },
  unsubscribe: ownFile,
  getChannels: ownFile,
  putChannels: ownFile,
  getInbox: ownFile,
  reportNotifications: {
    'storage-unavailable': ownFile['storage-unavailable'],
    overloaded: 'only while ten reports wait: test/api/reports.test.ts',
  },
  getNotificationPlan: { ...ownFile, overloaded: 'only while 20 others wait' },
  markRead: ownFile,
  listCampaigns: ownLedger,
  getCampaign: ownLedger,
  reportCampaign: ownLedger,
  putCampaign: { ...ownLedger, 'graph-not-ready': 'only with interests: test/api/campaigns.test.ts' },
  removeCampaign: ownLedger,
  putExperiment: brokenFile,
  removeExperiment: brokenFile,
  promoteArm: brokenFile,
  removeSaves: fullQueue,
  putPin: fullQueue,
  putBoard: fullQueue,
  putUser: fullQueue,
  removePin: fullQueue,
  '*': {
    'model-not-ready': 'only while a long log is counted, or with a damaged file: test/api/problems.test.ts',
    internal: 'a fault of pinwalk; nothing is known to provoke one',
    'position-not-reached': 'only with a header: test/api/changes.test.ts',
    'replica-behind': 'only of a replica: test/api/replica.test.ts',
    'topics-behind': 'only of a server with topics: test/api/problems.test.ts',
  },
  buildSnapshot: { conflict: 'only while a build is under way: test/api/jobs.test.ts' },
  activateSnapshot: {
    'graph-not-ready': 'only a server that is stopping answers so: test/api/swap.test.ts',
    conflict: 'only while a swap or a build is under way: test/api/jobs.test.ts, swap.test.ts',
  },
  eraseUser: { conflict: 'only while an erasure or a build is under way: test/api/erase.test.ts' },
  recommendNext: {
    'unknown-model': 'the first page needs the model too',
    'graph-not-ready': 'there is a graph wherever an answer is kept',
    'storage-unavailable': 'only while interactions cannot be written: test/api/recording.test.ts',
  },
  recommend: {
    'storage-unavailable': 'only while interactions cannot be written: test/api/recording.test.ts',
  },
  recommendBatch: {
    'storage-unavailable': 'only while interactions cannot be written: test/api/recording.test.ts',
  },
};
