import { rmSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type RandomStream, nextBelow, nextUnit, randomStream } from '../../../engine/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  importRows,
  listSnapshots,
  openDataFolder,
  openDatabaseReadOnly,
  pruneSnapshots,
} from '../../../graph-data/index.ts';
import { startServer } from '../api/server-process.ts';
import type { Outcome, Trial } from './trial.ts';

type Server = Awaited<ReturnType<typeof startServer>>;

/** The server's work beside the writes when it is killed. */
const moments = ['activation', 'build', 'writes', 'start'] as const;
type Moment = (typeof moments)[number];

const clients = 8;
const sharedPins = 40;
const workMsMax = 800;
const startMsMax = 1_500;

/** Counts of everything that a kill could break, over all kills. */
interface Found {
  readonly kills: Record<Moment, number>;
  acknowledged: number;
  lost: number;
  partial: number;
  /** Restarts whose recommendations differ from those of a fresh build of the database. */
  wrong: number;
}

/**
 * Kills a server while clients write, and while it builds, activates or starts, and starts it again: every acknowledged
 * write is stored, a batch is stored completely or not at all, and the served graph recommends what a fresh build does.
 */
export const kills: Trial = async ({ isSmall, seed, folder }) => {
  const count = isSmall ? 1 : 100;
  const random = randomStream(seed);
  const data = openDataFolder(`${folder}/data`);
  const rows = Array.from({ length: 200 }, (_, i) => {
    return {
      user: `u${i % 9}`,
      board: `b${i % 23}/${i % 9}`,
      pin: sharedPin(random),
      savedAt: NaN,
      weight: NaN,
    };
  });
  await importRows(data, [{ name: 'saves', rows: [rows] }]);
  activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
  const found: Found = {
    kills: { writes: 0, build: 0, activation: 0, start: 0 },
    acknowledged: 0,
    lost: 0,
    partial: 0,
    wrong: 0,
  };
  const written = Array.from({ length: clients }, () => new Writer());
  let server = await startServer(data.root, flags);
  for (let kill = 0; kill < count; kill++) {
    const moment = moments[kill % moments.length]!;
    const writing = written.map(async (writer, i) => writer.writeUntilCut(server, `w${i}`, random));
    const beside = workBeside(moment, server);
    await wait(100 + workMsMax * nextUnit(random));
    // Without an acknowledged save there is nothing to lose.
    while (written.every(({ acknowledged, cut }) => acknowledged.length === 0 && cut === undefined)) {
      await wait(10);
    }
    await server.kill();
    await Promise.all([...writing, beside]);
    if (moment === 'start') {
      const signal = AbortSignal.timeout(1 + nextBelow(random, startMsMax));
      const starting = startServer(data.root, flags, { signal });
      await starting.then(async (each) => each.kill()).catch(() => {});
    }
    found.kills[moment]++;
    server = await startServer(data.root, flags);
    await check(data, server, written, found, random);
    pruneSnapshots(data, 3);
  }
  await server.kill();
  rmSync(data.root, { recursive: true });
  return outcomesOf(found);
};

const flags = ['--threads', '1', '--rate-limit-per-minute', '0', '--queue-ms-max', '60000'];

function outcomesOf(found: Found): Outcome[] {
  const { acknowledged, lost, partial, wrong } = found;
  const each = moments.map((moment) => `${found.kills[moment]} during ${moment}`).join(', ');
  const of = (name: string, measured: number, bound: string): Outcome => {
    const held = measured === 0 && acknowledged > 0;
    return { name: `kills/${name}`, load: each, measured: String(measured), bound, held };
  };
  return [
    of('acknowledged-saves-lost', lost, `0 of ${acknowledged}`),
    of('partial-batches', partial, '0'),
    of('restarts-with-wrong-recommendations', wrong, '0'),
  ];
}

function sharedPin(random: RandomStream): string {
  return `shared-${nextBelow(random, sharedPins)}`;
}

async function send(server: Server, method: string, target: string, body?: unknown): Promise<Response> {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return fetch(`http://127.0.0.1:${server.port}${target}`, { method, ...(body !== undefined && json) });
}

/** A client that saves batches of its own pins, and remembers acknowledged ones. */
class Writer {
  readonly acknowledged: string[][] = [];
  /** The batch without a response. */
  cut: string[] | undefined;
  #saves = 0;

  async writeUntilCut(server: Server, user: string, random: RandomStream): Promise<void> {
    this.cut = undefined;
    while (this.cut === undefined) {
      const pins = Array.from({ length: 1 + nextBelow(random, 5) }, () => `${user}-${this.#saves++}`);
      const saves = [...pins, sharedPin(random)].map((pin) => ({ user, board: user, pin }));
      try {
        const response = await send(server, 'POST', '/v1/saves', saves);
        await response.text();
        if (response.status === 201) this.acknowledged.push(pins);
      } catch {
        this.cut = pins;
      }
    }
  }
}

/** Keeps a server busy until it is killed. */
async function workBeside(moment: Moment, server: Server): Promise<void> {
  if (moment !== 'build' && moment !== 'activation') return;
  try {
    for (;;) {
      if (moment === 'build') await (await send(server, 'POST', '/v1/snapshots', { force: true })).text();
      const response = await send(server, 'GET', '/v1/snapshots');
      const { snapshots } = (await response.json()) as { snapshots: { version: string }[] };
      for (const { version } of moment === 'build' ? [] : snapshots) {
        const body = { force: true };
        await (await send(server, 'POST', `/v1/snapshots/${version}/activate`, body)).text();
      }
    }
  } catch {
    // Killed.
  }
}

async function check(
  data: DataFolder,
  server: Server,
  written: readonly Writer[],
  found: Found,
  random: RandomStream,
): Promise<void> {
  const database = openDatabaseReadOnly(data)!;
  const stored = new Set(
    database.prepare<[], string>('SELECT key FROM pins WHERE id IN (SELECT pin FROM saves)').pluck().all(),
  );
  database.close();
  found.acknowledged = written.flatMap((writer) => writer.acknowledged.flat()).length;
  found.lost += written
    .flatMap((writer) => writer.acknowledged.flat())
    .filter((pin) => !stored.has(pin)).length;
  for (const { cut = [] } of written) {
    const kept = cut.filter((pin) => stored.has(pin)).length;
    if (kept > 0 && kept < cut.length) found.partial++;
  }
  const pins = Array.from({ length: 4 }, () => sharedPin(random));
  const before = await recommended(server, pins);
  await build(server);
  if (before !== (await recommended(server, pins))) found.wrong++;
  if (listSnapshots(data).length === 0) found.wrong++;
}

/** Exact scores by pin, in digits that do not depend on the order of sums. */
async function recommended(server: Server, pins: readonly string[]): Promise<string> {
  const lists: string[] = [];
  for (const pin of pins) {
    const response = await send(server, 'GET', `/v1/pins/${pin}/related?algorithm=paths&limit=1000`);
    const { items = [] } = (await response.json()) as { items?: { pin: string; score: number }[] };
    lists.push(
      items
        .map((item) => `${item.pin} ${item.score.toPrecision(4)}`)
        .toSorted()
        .join(','),
    );
  }
  return lists.join('\n');
}

/** Builds and serves a snapshot of the database; the server may be building one already. */
async function build(server: Server): Promise<void> {
  const jobs = async () => {
    const response = await send(server, 'GET', '/v1/jobs');
    return ((await response.json()) as { jobs: { state: string }[] }).jobs;
  };
  for (let status = 409; status === 409; await wait(20)) {
    status = (await send(server, 'POST', '/v1/snapshots', { force: true })).status;
  }
  while ((await jobs()).some(({ state }) => state === 'running')) await wait(20);
}
