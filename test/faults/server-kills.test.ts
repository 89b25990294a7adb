import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, expect, test } from 'vitest';
import { Turns } from '../../api/index.ts';
import { GraphFollower, reserveFor } from '../../api/runtime/serving/graph-follower.ts';
import { buildGraph, nextBelow, nextUnit, randomStream, sharedInt32Array } from '../../engine/index.ts';
import { normalForm } from '../normal-form.ts';
import {
  type Database,
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  listSnapshots,
  loadActiveSnapshot,
  loadSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
  pruneSnapshots,
  readCounts,
} from '../../graph-data/index.ts';
import { assertTextIndexIsRight, importSaves, temporaryFolder, writeInput } from '../data-folders.ts';
import { startPinwalk } from '../scripts/command.ts';
import { type RealServer, killServer, launchServer, request, startServer } from './real-server.ts';
import { Owed, type Tally, WritingClient } from './writing-client.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 5);
/** Work beside the writes when the server is killed. */
const moments = ['writes', 'build', 'swap', 'import', 'start'] as const;
const clientCount = 16;
/** Kills before the next data folder is used. */
const killsPerFolder = 20;
const imported = 3_000;

const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 22));
const folder = temporaryFolder(afterAll);
let server: RealServer | undefined;
afterEach(async () => killServer(server));

interface Found {
  /** Kills by the work beside the writes. */
  readonly kills: Record<(typeof moments)[number], number>;
  replayed: number;
  builds: number;
}

test(
  `${kills} kills of a server under writes lose no acknowledged write, and leave no partial one`,
  { timeout: 1_200_000 + 30_000 * kills },
  async () => {
    const tally: Tally = { answered: 0, refused: 0, cutButWritten: 0, cutAndNotWritten: 0 };
    const kinds = { writes: 0, build: 0, swap: 0, import: 0, start: 0 };
    const found: Found = { kills: kinds, replayed: 0, builds: 0 };
    for (let first = 0; first < kills; first += killsPerFolder) {
      const data = openDataFolder(path.join(folder, `from${first}`));
      await importSaves(data, ['ann pasta shared1', 'ann pasta shared2', 'ben salad shared2']);
      activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
      const names = Array.from({ length: clientCount }, (_, i) => `client${i}`);
      const clients = names.map(
        (name) => new WritingClient(name, randomStream(nextBelow(random, 1e9)), tally),
      );
      server = await startServer(data.root);
      for (let kill = first; kill < Math.min(kills, first + killsPerFolder); kill++) {
        const moment = moments[kill % moments.length]!;
        await killDuring(moment, kill, data, clients, tally, found);
        server = await startServer(data.root);
        await check(data, server, clients, found);
        pruneSnapshots(data, 3);
      }
      server.child.kill('SIGKILL');
      await server.ended;
      process.stderr.write(`${kills} kills, so far: ${JSON.stringify({ ...tally, ...found })}\n`);
    }
    expect(tally.answered).toBeGreaterThan(kills * clientCount);
    expect(tally.cutAndNotWritten + tally.cutButWritten).toBeGreaterThan(kills);
    expect(found.replayed).toBeGreaterThanOrEqual(kills / 2);
  },
);

/** Lets all clients write, starts the other work, and kills the server at a random moment of it. */
async function killDuring(
  moment: (typeof moments)[number],
  kill: number,
  data: DataFolder,
  clients: readonly WritingClient[],
  tally: Tally,
  found: Found,
): Promise<void> {
  const { url, child, ended } = server!;
  const { answered } = tally;
  const writing = clients.map((client) => client.writeUntilCut(url));
  await wait(200 * nextUnit(random));
  // On a busy machine, the first writes take longer.
  await expect.poll(() => tally.answered, { interval: 5 }).toBeGreaterThan(answered + clientCount);
  let beside: Promise<unknown> = Promise.resolve();
  if (moment === 'build') beside = request(`${url}/v1/snapshots`, { force: true });
  if (moment === 'swap') beside = swapAbout(url);
  if (moment === 'import') beside = importBeside(kill, data, nextUnit(random) < 0.5);
  const besideEnded = beside.catch((error: unknown) => {
    // A killed server does not respond.
    if (!(error instanceof TypeError)) throw error;
  });
  await wait((moment === 'import' ? 1_500 : 800) * nextUnit(random));
  child.kill('SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
  await Promise.all([...writing, besideEnded]);
  found.kills[moment]++;
  if (moment === 'start') {
    const starting = launchServer(data.root);
    await wait(1_000 * nextUnit(random));
    starting.child.kill('SIGKILL');
    expect((await starting.ended).signal).toBe('SIGKILL');
  }
}

/** Swaps between the existing snapshots until the server is gone. */
async function swapAbout(url: string): Promise<never> {
  for (;;) {
    const { snapshots } = (await request(`${url}/v1/snapshots`)).body;
    for (const { version } of snapshots)
      await request(`${url}/v1/snapshots/${version}/activate`, { force: true });
  }
}

/** An import by another process, which may be killed too: all of its rows are there, or none. */
async function importBeside(kill: number, data: DataFolder, isKilled: boolean): Promise<void> {
  const rows = Array.from({ length: imported }, (_, i) => `im${kill},im${kill}/${i % 50},im${kill}-${i}`);
  const file = writeInput(data, `import${kill}.csv`, ['user,board,pin', ...rows].join('\n'));
  const { child, ended } = startPinwalk('import', file, '--data', data.root);
  if (isKilled) {
    await wait(1_500 * nextUnit(random));
    child.kill('SIGKILL');
  }
  const { code, signal, stderr } = await ended;
  if (signal === null) expect([code, stderr]).toEqual([0, expect.any(String)]);
  const database = openDatabaseReadOnly(data)!;
  const saves = Owed.stored(database, `im${kill}`).saves.size;
  database.close();
  expect(signal === null ? [imported] : [0, imported]).toContain(saves);
}

async function check(
  data: DataFolder,
  { url }: RealServer,
  clients: readonly WritingClient[],
  found: Found,
): Promise<void> {
  const database = openDatabaseReadOnly(data)!;
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    for (const client of clients) {
      const stored = Owed.stored(database, client.name);
      client.settle(stored);
      expect(await savesToldOf(url, client.name)).toEqual([...stored.saves].toSorted());
    }
    const sample = Array.from({ length: 5 }, () => clients[nextBelow(random, clients.length)]!.name);
    for (const name of sample) expect(await titlesToldOf(url, database, name)).toEqual([]);
    const isReplayed = replaysToTheSame(data, database);
    if (isReplayed) found.replayed++;
    // Otherwise the next restart has more to replay.
    if (!isReplayed || nextUnit(random) < 0.4) await answersOfAFreshBuild(url, isReplayed, found);
  } finally {
    database.close();
  }
  assertTextIndexIsRight(data);
  for (const { version } of listSnapshots(data)) loadSnapshot(data, version);
}

/** All saves of a user that the server lists. */
async function savesToldOf(url: string, user: string): Promise<string[]> {
  const saves: string[] = [];
  let cursor: string | null | undefined;
  do {
    const next = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const { status, body } = await request(`${url}/v1/users/${user}/saves?limit=1000${next}`);
    if (status === 404) return [];
    for (const { board, pin } of body.saves) saves.push(`${board} ${pin}`);
    cursor = body.nextCursor;
  } while (cursor);
  return saves.toSorted();
}

/** Pins whose title on the server differs from the database. */
async function titlesToldOf(url: string, database: Database, client: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [pin, title] of [...Owed.stored(database, client).titles].slice(0, 10)) {
    const { body } = await request(`${url}/v1/pins/${pin}`);
    if (body.title !== title) wrong.push(pin);
  }
  return wrong;
}

/**
 * Whether the change log brings the active snapshot up to date. Throws unless both adjacencies then equal, byte for byte,
 * those of a build of the database.
 */
function replaysToTheSame(data: DataFolder, database: Database): boolean {
  const loaded = loadActiveSnapshot(data, () => {}, { reserve: reserveFor });
  const follower = new GraphFollower(loaded, {
    database,
    turns: new Turns(setImmediate),
    onFault: (fault) => expect.fail(fault),
  });
  while (follower.applyNext());
  if (follower.isDue) return false;
  const rows = (sql: string): [number, number][] => database.prepare<[], [number, number]>(sql).raw().all();
  const next = database
    .prepare<[], { users: number; boards: number; pins: number }>(
      'SELECT nextUser AS users, nextBoard AS boards, nextPin AS pins FROM source',
    )
    .get()!;
  const boardToUser = sharedInt32Array(next.boards);
  for (const [board, owner] of rows('SELECT id, owner FROM boards')) boardToUser[board] = owner;
  const saves = rows('SELECT board, pin FROM saves');
  expect(saves.length).toBe(readCounts(database).saves);
  const fresh = buildGraph({
    boards: Int32Array.from(saves, ([board]) => board),
    pins: Int32Array.from(saves, ([, pin]) => pin),
    pinCount: next.pins,
    boardToUser,
    userCount: next.users,
  });
  const replayed = normalForm(loaded.graph, next);
  for (const side of ['pinToBoard', 'boardToPin'] as const) {
    for (const [name, array] of Object.entries(fresh[side])) {
      const own = replayed[side][name as keyof (typeof replayed)[typeof side]] as Int32Array;
      expect(Buffer.compare(bytesOf(own), bytesOf(array)), `${side}.${name}`).toBe(0);
    }
  }
  expect(Buffer.compare(bytesOf(replayed.boardToUser), bytesOf(fresh.boardToUser))).toBe(0);
  return true;
}

function bytesOf(array: Int32Array | Uint32Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** Expects the same recommendations from the restarted server before and after a build of the same database. */
async function answersOfAFreshBuild(url: string, isReplayed: boolean, found: Found): Promise<void> {
  const pins = Array.from({ length: 5 }, () => `shared${nextBelow(random, 200)}`);
  const before = await Promise.all(pins.map((pin) => scoresNear(url, pin)));
  // The server may have started a build by itself.
  const build = async (): Promise<number> => {
    await noBuildRuns(url);
    return (await request(`${url}/v1/snapshots`, { force: true })).status;
  };
  await expect.poll(build).toBe(202);
  await noBuildRuns(url);
  expect((await request(`${url}/v1/jobs`)).body.jobs[0]).toMatchObject({ state: 'done' });
  expect((await request(`${url}/v1/graph`)).body).toMatchObject({ liveSaves: 0 });
  const after = await Promise.all(pins.map((pin) => scoresNear(url, pin)));
  if (isReplayed) {
    expect(before.map((scores) => Object.keys(scores).toSorted())).toEqual(
      after.map((scores) => Object.keys(scores).toSorted()),
    );
    // A sum in another order differs in its last digits.
    const far = before.flatMap((scores, i) =>
      Object.entries(scores).filter(([pin, score]) => Math.abs(score / after[i]![pin]! - 1) > 1e-6),
    );
    expect(far).toEqual([]);
  }
  found.builds++;
}

/** Waits for the build that a server with a stale graph starts by itself. */
async function noBuildRuns(url: string): Promise<void> {
  for (;;) {
    const { jobs } = (await request(`${url}/v1/jobs`)).body;
    if (jobs.every(({ state }: { state: string }) => state !== 'running')) return;
    await wait(20);
  }
}

/** Exact scores of the pins near a pin, without the lowest score, which the response may cut off. */
async function scoresNear(url: string, pin: string): Promise<Record<string, number>> {
  const { status, body } = await request(`${url}/v1/pins/${pin}/related?algorithm=paths&limit=1000`);
  if (status === 404) return {};
  if (body.code === 'overloaded') {
    // A server that has just started on a busy machine.
    await wait(100);
    return scoresNear(url, pin);
  }
  expect(status, JSON.stringify(body)).toBe(200);
  const lowest = body.items.at(-1)?.score;
  return Object.fromEntries(
    body.items
      .filter(({ score }: { score: number }) => score > lowest * (1 + 1e-9))
      .map((item: { pin: string; score: number }) => [item.pin, item.score]),
  );
}
