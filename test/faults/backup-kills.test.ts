import { copyFileSync, cpSync, existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, afterEach, expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  activeVersion,
  buildSnapshot,
  loadActiveSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
  readCounts,
  restore,
} from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { pinwalkAlone, startPinwalk } from '../scripts/command.ts';
import { type RealServer, killServer, request, startServer } from './real-server.ts';
import { Owed, type Tally, WritingClient } from './writing-client.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 4);
const kinds = ['backup', 'backup --force', 'restore', 'restore --force'] as const;
type Kind = (typeof kinds)[number];

const root = temporaryFolder(afterAll);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 31));
const servers: RealServer[] = [];
afterEach(async () => Promise.all(servers.splice(0).map(killServer)));

async function serve(folder: DataFolder): Promise<string> {
  const server = await startServer(folder.root);
  servers.push(server);
  return server.url;
}

async function stopServers(): Promise<void> {
  for (const { child, ended } of servers.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
}

async function newSource(name: string): Promise<DataFolder> {
  const folder = openDataFolder(path.join(root, name));
  const sizes = ['--pins', '3000', '--boards', '4000', '--saves', '40000'];
  expect((await pinwalkAlone('sample', 'synthetic', ...sizes, '--data', folder.root)).code).toBe(0);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  return folder;
}

/** Throws unless the folder is sound and starts with its own snapshot. Returns the number of its saves. */
function soundSaves(folder: DataFolder): number {
  const database = openDatabaseReadOnly(folder)!;
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  const { saves } = readCounts(database);
  database.close();
  const { version } = loadActiveSnapshot(folder, (fault) => expect.fail(fault.message));
  expect(version).toBe(activeVersion(folder));
  return saves;
}

/** The items of recommendations by walks, as text. */
async function itemsOf(url: string): Promise<string[]> {
  const answers: string[] = [];
  for (let i = 0; i < 12; i++) {
    const body = {
      query: [{ pin: `pin-${i * 37}` }, { pin: `extra${i}` }],
      algorithm: i % 3 === 0 ? 'paths' : 'pixie',
      randomSeed: i,
      limit: 100,
    };
    const response = await request(`${url}/v1/recommendations`, body);
    expect(response.status, JSON.stringify(response.body)).toBe(200);
    answers.push(JSON.stringify(response.body.items));
  }
  return answers;
}

/** Saves in batches, some of new pins, until it is stopped. Returns the pins of acknowledged saves. */
async function saveUntil(
  url: string,
  name: string,
  isStopped: () => boolean,
  saved: string[],
): Promise<void> {
  for (let i = 0; !isStopped(); i++) {
    const pins = Array.from({ length: 10 }, (_, j) =>
      j < 8 ? `pin-${(i * 17 + j) % 3_000}` : `extra${(i + j) % 40}`,
    );
    const body = pins.map((pin) => ({ user: name, board: `${name}/${i % 30}`, pin }));
    const { status } = await request(`${url}/v1/saves`, body);
    if (status < 300) saved.push(`${name}/${i % 30} ${pins[9]!}`);
    await wait(2);
  }
}

test('a backup under writes restores to the graph of its position: a server gives the same recommendations, byte for byte', async () => {
  const source = await newSource('written');
  const url = await serve(source);
  const file = path.join(root, 'written.tar');
  const saved: string[] = [];
  let isStopped = false;
  const writing = ['w1', 'w2', 'w3'].map((name) => saveUntil(url, name, () => isStopped, saved));
  await expect.poll(() => saved.length).toBeGreaterThan(30);
  const acknowledged = [...saved];
  const ended = await pinwalkAlone('backup', file, '--data', source.root, '--json');
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  const during = saved.length - acknowledged.length;
  await wait(200);
  isStopped = true;
  await Promise.all(writing);
  expect(during).toBeGreaterThan(0);
  await stopServers();

  const { position } = JSON.parse(ended.stdout).database;
  const reference = openDataFolder(path.join(root, 'reference'));
  cpSync(source.root, reference.root, { recursive: true });
  const restored = path.join(root, 'of-written');
  await restore(restored, file);
  rewind(reference, openDataFolder(restored), position);
  const database = openDatabaseReadOnly(openDataFolder(restored))!;
  const stored = ['w1', 'w2', 'w3'].map((name) => Owed.stored(database, name).saves);
  database.close();
  expect(acknowledged.filter((save) => !stored.some((saves) => saves.has(save)))).toEqual([]);

  const [own, expected] = [await serve(openDataFolder(restored)), await serve(reference)];
  expect((await request(`${own}/readyz`)).status).toBe(200);
  expect((await request(`${own}/v1/graph`)).body.liveSaves).toBeGreaterThan(0);
  expect(await itemsOf(own)).toEqual(await itemsOf(expected));
  await stopServers();
  expect(soundSaves(openDataFolder(restored))).toBeLessThan(soundSaves(source));
});

/** Brings the source's own database back to a position, by its change log. The clients only added. */
function rewind(folder: DataFolder, restored: DataFolder, position: number): void {
  const next = openDatabaseReadOnly(restored)!;
  const { nextUser, nextBoard, nextPin } = next
    .prepare<[], Record<string, number>>('SELECT * FROM source')
    .get()!;
  next.close();
  const database = new SqliteDatabase(folder.database);
  expect(database.prepare('SELECT position FROM source').pluck().get()).toBeGreaterThan(position);
  const later = 'FROM events WHERE position > @position AND kind =';
  for (const sql of [
    `DELETE FROM saves WHERE (board, pin) IN (SELECT a, b ${later} 'save')`,
    `DELETE FROM boards WHERE id IN (SELECT a ${later} 'board')`,
    `DELETE FROM pins WHERE id IN (SELECT a ${later} 'pin')`,
    `DELETE FROM users WHERE id IN (SELECT a ${later} 'user')`,
    'DELETE FROM events WHERE position > @position',
  ]) {
    database.prepare(sql).run({ position });
  }
  database
    .prepare('UPDATE source SET position = ?, nextUser = ?, nextBoard = ?, nextPin = ?')
    .run(position, nextUser!, nextBoard!, nextPin!);
  database.close();
}

test(
  `${kills} kills of backups and restores leave a whole file or the one before, a whole folder or none, and the source unharmed`,
  { timeout: 1_200_000 + 20_000 * kills },
  async () => {
    const source = await newSource('source');
    const saves = soundSaves(source);
    const whole = path.join(root, 'whole.tar');
    const wholeMs = await msOf('backup', whole, '--data', source.root);
    const restoreMs = await msOf('restore', whole, '--data', path.join(root, 'timing'));
    const old = openDataFolder(path.join(root, 'old'));
    await importSaves(old, ['ann pasta basil', 'ann pasta tomato']);
    activateSnapshot(old, (await buildSnapshot(old, () => 0)).version);
    const url = await serve(source);
    const tally: Tally = { answered: 0, refused: 0, cutButWritten: 0, cutAndNotWritten: 0 };
    const clients = ['c1', 'c2'].map((name, i) => new WritingClient(name, randomStream(i), tally));
    const writing = clients.map((client) => client.writeUntilCut(url));
    const found: Record<string, number> = {};

    for (let kill = 0; kill < kills; kill++) {
      const kind = kinds[kill % kinds.length]!;
      const target = path.join(root, `kill${kill}`);
      if (kind === 'backup --force') copyFileSync(whole, target);
      if (kind === 'restore --force') cpSync(old.root, target, { recursive: true });
      const [command, ...flags] = kind.split(' ');
      const args = command === 'backup' ? [target, '--data', source.root] : [whole, '--data', target];
      const { child, ended } = startPinwalk(command!, ...args, ...flags);
      const ms = command === 'backup' ? wholeMs : restoreMs;
      // Half of the kills come while it has temporary files; on a busy machine, Node alone takes long to start. The first comes at
      // once: durations measured on a busy machine may be too long for all others.
      const isWorking = Math.floor(kill / kinds.length) % 2 === 0;
      if (isWorking)
        await Promise.race([
          ended,
          command === 'backup'
            ? appears(root, `kill${kill}.pinwalk-backup`)
            : appears(target, 'restore.staged'),
        ]);
      if (kill > 0) await wait(ms * (isWorking ? 0.8 * nextUnit(random) : 0.3 + nextUnit(random)));
      child.kill('SIGKILL');
      const outcome = (await ended).signal === 'SIGKILL' ? 'cut' : 'done';
      const left =
        command === 'backup'
          ? await checkFile(kind, target, whole, saves)
          : await checkFolder(kind, target, whole, saves);
      found[`${kind}: ${outcome}, ${left}`] = (found[`${kind}: ${outcome}, ${left}`] ?? 0) + 1;
      rmSync(target, { recursive: true, force: true });
    }
    process.stderr.write(
      `${kills} kills: ${JSON.stringify(found)}, ${tally.answered} requests acknowledged\n`,
    );
    expect(Object.keys(found).some((each) => each.includes('cut'))).toBe(true);

    servers[0]!.child.kill('SIGKILL');
    await Promise.all(writing);
    await servers.pop()!.ended;
    const database = openDatabaseReadOnly(source)!;
    for (const client of clients) client.settle(Owed.stored(database, client.name));
    database.close();
    soundSaves(source);
    expect(tally.answered).toBeGreaterThan(kills);
  },
);

/** Resolves once the folder has a file or folder whose name starts so. */
async function appears(folder: string, start: string): Promise<void> {
  while (!existsSync(folder) || !readdirSync(folder).some((name) => name.startsWith(start))) await wait(2);
}

async function msOf(...args: string[]): Promise<number> {
  const started = performance.now();
  const ended = await pinwalkAlone(...args);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  return performance.now() - started;
}

/** The file is the old one or none, or a whole backup; the next backup leaves nothing beside it. */
async function checkFile(kind: Kind, file: string, whole: string, saves: number): Promise<string> {
  let left = 'absent';
  if (existsSync(file)) {
    left = readFileSync(file).equals(readFileSync(whole)) ? 'the old one' : 'whole';
    if (left === 'the old one') expect(kind).toBe('backup --force');
    const folder = `${file}-restored`;
    await restore(folder, file);
    expect(soundSaves(openDataFolder(folder))).toBeGreaterThanOrEqual(saves - 1);
    rmSync(folder, { recursive: true });
  } else expect(kind).toBe('backup');
  return left;
}

/** The folder is absent, refused, or what it was before, or it is the whole backup; and the next restore succeeds. */
async function checkFolder(kind: Kind, target: string, whole: string, saves: number): Promise<string> {
  let left = 'absent';
  if (existsSync(target) && readdirSync(target).length > 0) {
    const folder = openDataFolder(target);
    if (existsSync(folder.database)) {
      const found = soundSaves(folder);
      left = found === saves ? 'whole' : 'the old one';
      if (found !== saves) expect([kind, found]).toEqual(['restore --force', 2]);
    } else {
      left = 'refused';
      expect(kind).toBe('restore');
      expect(() => openDatabaseReadOnly(folder)).toThrow('an unfinished restore');
    }
  }
  await restore(target, whole, { force: true });
  expect(soundSaves(openDataFolder(target))).toBe(saves);
  expect(readdirSync(target).filter((name) => name.startsWith('restore'))).toEqual([]);
  return left;
}
