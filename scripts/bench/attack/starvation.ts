import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { degreeOf, nextBelow, nodeCount, randomStream, saveCount } from '../../../engine/index.ts';
import { Store, createKey, loadActiveSnapshot, openDataFolder } from '../../../graph-data/index.ts';
import { type LoadRequest, type LoadResult, openLoop } from '../api/open-loop.ts';
import { runCommand, startServer } from '../api/server-process.ts';
import type { Trial } from './trial.ts';

const otherKeys = 3;
const attackConnections = 4;
const ratioMax = 4;
const inTimeMs = 1_000;

/**
 * One key with four connections sends the most expensive requests that are legal, each as soon as the one before is
 * answered. Three other keys go on with what applications do; the trial compares their p99 with that of quiet times, in turn.
 */
export const starvation: Trial = async ({ isSmall, seed, folder: data }) => {
  const size = isSmall ? ['--pins', '200', '--boards', '400', '--saves', '4000'] : [];
  await runCommand('sample', 'synthetic', '--data', data, ...size);
  await runCommand('build', '--data', data);
  const [attacker, ...others] = createKeys(data, 1 + otherKeys);
  const { nextExpensive, nextOrdinary } = requestsOf(data, seed);
  const [rate, seconds, rounds] = isSmall ? [20, 1, 1] : [40, 20, 3];
  const server = await startServer(data, isSmall ? ['--queue-ms-max', '60000'] : []);
  let sent = 0;
  const ordinary = (): LoadRequest => ({ ...nextOrdinary(), key: others[sent++ % otherKeys]! });
  const load = async () =>
    openLoop({ port: server.port, rate, seconds, connections: 64, inTimeMs, next: ordinary, now, onOther });
  try {
    await load(); // warms up
    const quiet: number[] = [];
    const beside: number[] = [];
    const attacks: Record<number, number> = {};
    const refused = { quiet: 0, beside: 0 };
    for (let round = 0; round < rounds; round++) {
      const before = await load();
      quiet.push(before.answered.p99);
      refused.quiet += refusedOf(before);
      const attack = startAttack(server.port, attacker!, nextExpensive, attacks);
      const during = await load();
      await attack.stop();
      beside.push(during.answered.p99);
      refused.beside += refusedOf(during);
    }
    const [p99Quiet, p99Beside] = [quiet, beside].map(median) as [number, number];
    const ratio = p99Beside / p99Quiet;
    const times = `${p99Beside.toFixed(1)} ms, quiet ${p99Quiet.toFixed(1)} ms: ${ratio.toFixed(1)} times`;
    const what = `${attackConnections} connections of one key (${JSON.stringify(attacks)} by status), beside ${rate} requests/s of ${otherKeys} keys`;
    return [
      {
        name: 'starvation/p99',
        load: what,
        measured: times,
        bound: isSmall ? 'too small to tell' : `under ${ratioMax} times`,
        held: isSmall || ratio < ratioMax,
      },
      {
        name: 'starvation/refused',
        load: what,
        measured: `${refused.beside} of ${rate * seconds * rounds} not answered 200, in quiet times ${refused.quiet}`,
        bound: '0',
        held: refused.beside === 0,
      },
    ];
  } finally {
    await server.stop();
  }
};

/** A response at once was refused on arrival; one after `queueMsMax` has waited for a worker in vain. */
function onOther(status: number, dueMs: number, tookMs: number): void {
  const moment = `${Math.round(dueMs)} ms after the start of a round`;
  process.stderr.write(`starvation: ${status} after ${Math.round(tookMs)} ms, ${moment}\n`);
}

function refusedOf({ sent, statuses }: LoadResult): number {
  return sent - (statuses[200] ?? 0);
}

function createKeys(data: string, count: number): string[] {
  const folder = openDataFolder(data);
  return Array.from(
    { length: count },
    () => createKey(folder, { scope: 'read' }, randomBytes, Date.now()).key,
  );
}

/** Sends requests on all connections until it is stopped, and counts the responses by status. */
function startAttack(
  port: number,
  key: string,
  next: () => object,
  statuses: Record<number, number>,
): { readonly stop: () => Promise<void> } {
  const over = new AbortController();
  const agent = new Agent({ keepAlive: true, maxSockets: attackConnections });
  const connections = Array.from({ length: attackConnections }, async () => {
    while (!over.signal.aborted) {
      const status = await post(port, key, next(), agent, over.signal).catch(() => 0);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  });
  return {
    stop: async () => {
      over.abort();
      await Promise.all(connections);
      agent.destroy();
    },
  };
}

function post(port: number, key: string, body: object, agent: Agent, signal: AbortSignal): Promise<number> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
  return new Promise((resolve, reject) => {
    const target = { host: '127.0.0.1', port, path: '/v1/recommendations', method: 'POST' };
    const sent = request({ ...target, headers, agent, signal }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(JSON.stringify(body));
  });
}

/** The attacker's requests, each with a seed of its own, and those of the others. */
function requestsOf(
  data: string,
  seed: number,
): { readonly nextExpensive: () => object; readonly nextOrdinary: () => LoadRequest } {
  const folder = openDataFolder(data);
  const { graph } = loadActiveSnapshot(folder, () => {});
  const store = Store.open(folder);
  const stream = randomStream(seed);
  const drawn = Array.from({ length: 5_000 }, () => {
    return store.keyAt('pins', graph.boardToPin.neighbors[nextBelow(stream, saveCount(graph))]!)!;
  });
  const users = Array.from({ length: 1_000 }, () =>
    store.keyAt('users', nextBelow(stream, graph.userCount))!,
  );
  const hubs = Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => pin)
    .toSorted((a, b) => degreeOf(graph.pinToBoard, b) - degreeOf(graph.pinToBoard, a))
    .slice(0, 100)
    .map((pin) => ({ pin: store.keyAt('pins', pin)! }));
  store.close();
  const expensive = [
    { algorithm: 'pixie', params: { steps: 10_000_000, restartProbability: 0.01 } },
    { algorithm: 'ppr', params: { residualMax: 1e-12, boardsMax: 10_000_000 } },
    { algorithm: 'itemknn', params: { neighborsMax: 1_000_000, boardsMax: 1_000_000_000 } },
    { limit: 1_000, filter: { key: { lt: '' } } },
    { target: 'boards', limit: 1_000, filter: { key: { lt: '' } } },
  ];
  let [made, sent] = [0, 0];
  return {
    nextExpensive: () => ({ query: hubs, ...expensive[made++ % expensive.length], randomSeed: made }),
    nextOrdinary: () => {
      const randomSeed = ++sent;
      const user = encodeURIComponent(users[sent % users.length]!);
      const pin = encodeURIComponent(drawn[sent % drawn.length]!);
      // One of ten is a feed, the most expensive of the presets.
      const path = sent % 10 === 0 ? `/v1/users/${user}/feed` : `/v1/pins/${pin}/related`;
      return { path: `${path}?randomSeed=${randomSeed}` };
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function now(): number {
  return performance.now();
}
