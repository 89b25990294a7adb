import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  hasUnfinishedErasure,
  importFiles,
  listSnapshots,
  loadSnapshot,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { assertTextIndexIsRight, importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';
import { storedSaves } from '../graph-data/plain-saves.ts';
import { type RealServer, killServer, request, startServer } from './real-server.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 1);
const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 23));
const imported = 3_000;
const posted = 100;

let server: RealServer | undefined;
afterEach(async () => killServer(server));

const others = Array.from({ length: 500 }, (_, i) => `other${i % 20} shelf${i % 40} pin${(7 * i) % 400}`);
/** Boards and pins have no common divisor: every save differs. */
const own = (person: string, i: number): { user: string; board: string; pin: string } => {
  return { user: person, board: `${person}/${i % 39}`, pin: `pin${i % 400}` };
};

/** A person in the rows, the change log, rejected rows, snapshots and the live graph. */
async function bring(person: string, data: DataFolder): Promise<void> {
  const rows = Array.from({ length: imported }, (_, i) =>
    JSON.stringify({ ...own(person, i), savedAt: 1_779_000_000 + i }),
  );
  const bad = JSON.stringify({ user: person, pin: 'pin1', savedAt: 'never' });
  await importFiles(data, [writeInput(data, 'person.jsonl', [...rows, bad].join('\n'))]);
  const { version } = await buildSnapshot(data, () => 0);
  activateSnapshot(data, version, { force: true });
  server = await startServer(data.root);
  const saves = Array.from({ length: posted }, (_, i) => ({ ...own(person, i), pin: `live${i}` }));
  expect((await request(`${server.url}/v1/saves`, saves)).status).toBe(201);
}

const erase = async (person: string): Promise<number> =>
  (await fetch(`${server!.url}/v1/users/${person}`, { method: 'DELETE' })).status;

/** Resolves once the rows are erased and the rest is not, but after `msMax` at the latest. */
async function erasureHalfDone(data: DataFolder, msMax: number): Promise<void> {
  const database = openDatabaseReadOnly(data)!;
  try {
    const until = performance.now() + msMax;
    while (!hasUnfinishedErasure(database) && performance.now() < until) await wait(1);
  } finally {
    database.close();
  }
}

/** Resolves with the latest job once none is running. */
async function jobsEnded(): Promise<{ state: string; kind: string; problem: unknown } | undefined> {
  for (;;) {
    const { jobs } = (await request(`${server!.url}/v1/jobs`)).body;
    if (jobs.every(({ state }: { state: string }) => state !== 'running')) return jobs[0];
    await wait(10);
  }
}

function filesWith(text: string, { root }: DataFolder): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text));
}

/** Throws when the database is inconsistent or other people lost data; returns the number of saves of the person. */
function savesLeft(person: string, data: DataFolder): { saves: number; isUnfinished: boolean } {
  const database = openDatabaseReadOnly(data)!;
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    const stored = storedSaves(database);
    const ofOthers = stored.filter((save) => !save.startsWith(person));
    expect(ofOthers).toEqual([...new Set(others)].toSorted());
    for (const { version } of listSnapshots(data)) loadSnapshot(data, version);
    return { saves: stored.length - ofOthers.length, isUnfinished: hasUnfinishedErasure(database) };
  } finally {
    database.close();
  }
}

const nearPin = async (): Promise<string[]> => {
  const { status, body } = await request(`${server!.url}/v1/pins/pin7/related?algorithm=paths&limit=1000`);
  expect(status).toBe(200);
  return body.items.map((item: { pin: string }) => item.pin).toSorted();
};

test(
  `${kills} kills of a server that erases a person leave them complete, or gone from all files after a restart`,
  { timeout: 1_200_000 + 30_000 * kills },
  async () => {
    const data = temporaryDataFolder();
    await importSaves(data, others);
    activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
    server = await startServer(data.root);
    const near = await nearPin();
    server.child.kill('SIGKILL');
    await server.ended;

    const found = { before: 0, cut: 0, after: 0 };
    let wholeMs = 0;
    // The first erasure is not killed: its duration says when to kill the others. A busy machine may notice one too late: further
    // kills are tried.
    for (let kill = 0; kill <= kills || (found.cut === 0 && kill <= kills + 20); kill++) {
      const person = `person-${randomBytes(12).toString('hex')}`;
      await bring(person, data);
      expect(filesWith(person, data).length).toBeGreaterThan(1);
      const began = performance.now();
      expect(await erase(person)).toBe(202);
      if (kill === 0) {
        await jobsEnded();
        wholeMs = performance.now() - began;
      } else if (kill % 2 === 1) {
        // Few kills would miss the moment by chance.
        await erasureHalfDone(data, 5 * wholeMs);
        // At any other moment, more often early, when the rows are erased.
      } else await wait(wholeMs * nextUnit(random) ** 1.5);
      server.child.kill('SIGKILL');
      await server.ended;

      const { saves, isUnfinished } = savesLeft(person, data);
      expect([0, imported + posted]).toContain(saves);
      if (saves > 0) found.before++;
      else if (isUnfinished) found.cut++;
      else found.after++;
      server = await startServer(data.root);
      if (saves > 0) {
        expect(isUnfinished).toBe(false);
        expect(await erase(person)).toBe(202);
      }
      const job = await jobsEnded();
      if (saves > 0 || isUnfinished)
        expect(job).toMatchObject({ kind: 'erase', state: 'done', problem: null });
      expect(filesWith(person, data)).toEqual([]);
      expect(await erase(person)).toBe(404);
      expect(await nearPin()).toEqual(near);
      server.child.kill('SIGKILL');
      const { stderr } = await server.ended;
      expect(stderr.includes('an erasure was interrupted')).toBe(isUnfinished);
      expect(savesLeft(person, data)).toEqual({ saves: 0, isUnfinished: false });
      assertTextIndexIsRight(data);
    }
    process.stderr.write(`${kills} kills: ${JSON.stringify(found)}\n`);
    expect(found.cut).toBeGreaterThan(0);
  },
);
