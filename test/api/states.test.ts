import { describe, expect, test } from 'vitest';
import type { GraphState } from '../../api/index.ts';
import type { Route } from '../../api/http/index.ts';
import { importSaves } from '../data-folders.ts';
import { type Answer, serveForSuite } from './server.ts';

/**
 * The response of every route in every state of the graph. A route that needs a graph responds `graph-not-ready` without
 * one; the others do not depend on it. Swapping and draining change nothing.
 */
const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']), {
  isLoaded: false,
});

type Status = number | 'not-ready' | 'success';
type Expected = Readonly<Record<GraphState, Status>>;

const needsGraph: Expected = {
  empty: 'not-ready',
  loading: 'not-ready',
  ready: 'success',
  swapping: 'success',
  draining: 'success',
};
const needsNone: Expected = { ...needsGraph, empty: 'success', loading: 'success' };

/** Exceptions. */
const special: Readonly<Record<string, Expected>> = {
  readiness: { ...needsGraph, draining: 'not-ready' },
  // Before there is a graph, no recommendation can have a next page.
  recommendNext: { ...needsGraph, empty: 404, loading: 404 },
  // Only by community or popularity of the pins does it need a graph.
  reportEngagement: needsNone,
  // Only with interests as targets does it need a graph.
  putCampaign: needsNone,
  // There is no such interest.
  putInterest: { ...needsGraph, ready: 404, swapping: 404, draining: 404 },
  putUserInterest: { ...needsGraph, ready: 404, swapping: 404, draining: 404 },
  // There is no model "nothing".
  activateModel: needsNone,
  // There is no snapshot "nothing"; while another is loading, the version is not checked.
  activateSnapshot: { empty: 404, loading: 409, ready: 404, swapping: 409, draining: 'not-ready' },
};

/** Bodies of routes that have one. */
const bodies: Readonly<Record<string, unknown>> = {
  recommend: { query: [{ pin: 'basil' }] },
  recommendBatch: { requests: [{ query: [{ pin: 'basil' }] }] },
  diagnoseWalk: { query: [{ pin: 'basil' }] },
  activateSnapshot: {},
  buildSnapshot: { activate: false },
  addSaves: { user: 'ann', board: 'pasta', pin: 'basil' },
  addInteractions: { kind: 'click', user: 'ann', pin: 'basil' },
  removeSaves: { user: 'ann', board: 'pasta', pin: 'nothing' },
  putPin: {},
  putBoard: { owner: 'ann' },
  putUser: {},
  putInterest: {},
  putUserInterest: { hidden: true },
  putChannels: { channels: [{ kind: 'inbox', consent: true, timeZone: 'Europe/Berlin' }] },
  markRead: {},
  putCampaign: { pins: ['basil'], bid: { per: 'click', micros: 1 }, dailyBudgetMicros: 1 },
  putExperiment: {
    surface: 'related',
    arms: [
      { name: 'default', share: 1 },
      { name: 'short', share: 1, algorithm: 'related', params: { steps: 1_000 } },
    ],
  },
  promoteArm: { arm: 'short', preset: 'promoted' },
};
/** Query strings of routes that need one. A search by text needs no graph. */
const searches: Readonly<Record<string, string>> = {
  search: '?q=basil&expand=true',
  listChanges: '?after=6',
};
const keys: Readonly<Record<string, string>> = {
  pin: 'basil',
  board: 'pasta',
  user: 'ann',
  interest: 'aaaaaaaa',
};
let recommendationId = 'none';

function call(route: Route): Promise<Answer> {
  // Calls that change or delete something name nodes that do not exist.
  const isSafe = route.method === 'get' || route.path.startsWith('/v1/recommendations');
  // putUser creates the user "nothing"; their erasure would change the state.
  const absent = route.operationId === 'eraseUser' ? 'nobody' : 'nothing';
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    isSafe || name === 'interest' ? (keys[name] ?? recommendationId) : absent,
  );
  const body = route.body === undefined ? null : JSON.stringify(bodies[route.operationId]);
  const headers = body === null ? {} : { 'content-type': 'application/json' };
  return server.get(path + (searches[route.operationId] ?? ''), {
    method: route.method.toUpperCase(),
    headers,
    body,
  });
}

function expectationOf(route: Route): Expected {
  const isOfGraph = route.problems.includes('graph-not-ready');
  return special[route.operationId] ?? (isOfGraph ? needsGraph : needsNone);
}

/** These are called last, one after the other: they change what others find, and the last needs the experiment of the one before. */
const alone = [
  'activateSnapshot',
  'buildSnapshot',
  'addSaves',
  'addInteractions',
  'putChannels',
  'markRead',
  'putCampaign',
  'removeSaves',
  'putPin',
  'putBoard',
  'putUser',
  'removePin',
  'putExperiment',
  'promoteArm',
];

/** Calls all routes and compares each response with the table. */
async function expectAll(state: GraphState): Promise<void> {
  const { routes } = server;
  const together = routes.filter(({ operationId }) => !alone.includes(operationId));
  const last = alone.map((id) => routes.find(({ operationId }) => operationId === id)!);
  expect(server.graphs.state).toBe(state);
  const faults = await Promise.all(together.map(async (route) => faultOf(route, state)));
  for (const route of last) faults.push(await faultOf(route, state));
  expect(server.graphs.state).toBe(state);
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  await expect.poll(async () => JSON.stringify((await server.get('/v1/jobs')).body)).not.toContain('running');
}

/** A graph this small would be there before the last response. */
async function expectAllWhileLoading(state: GraphState): Promise<void> {
  const calls = Promise.withResolvers<void>();
  const loading = server.loadGraph(calls.promise);
  await expectAll(state).finally(calls.resolve);
  await loading;
}

async function faultOf(route: Route, state: GraphState): Promise<string | undefined> {
  const { status, body } = await call(route);
  const expected = expectationOf(route)[state];
  const isNotReady = status === 503 && body.code === 'graph-not-ready';
  const isSuccess = route.operationId in bodies ? status === route.response.status : status < 500;
  const isRight =
    expected === 'not-ready' ? isNotReady : expected === 'success' ? isSuccess : status === expected;
  return isRight
    ? undefined
    : `${route.operationId}: ${status} ${JSON.stringify(body)} instead of ${expected}`;
}

describe('every route', () => {
  test('the table has a body for every route that takes one', () => {
    const withBody = server.routes.filter(({ body }) => body !== undefined);
    expect(withBody.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(bodies).toSorted());
  });

  test('every route responds as the table says in every state', async () => {
    await expectAll('empty');
    await expectAllWhileLoading('loading');
    const { body } = await server.post('/v1/recommendations', bodies['recommend']);
    recommendationId = body.recommendationId;
    await expectAll('ready');
    await expectAllWhileLoading('swapping');
    await expectAll('ready');
    server.graphs.drain();
    await expectAll('draining');
    await server.graphs.close();
    const late = await server.get('/v1/pins/basil/related');
    expect(late).toMatchObject({ status: 503, body: { code: 'graph-not-ready' } });
    expect(late.headers.get('retry-after')).toBe('1');
  });
});
