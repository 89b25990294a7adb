import type { ChildProcess } from 'node:child_process';
import { cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  type GraphCounts,
  activateSnapshot,
  activeVersion,
  buildSnapshot,
  importFiles,
  importLake,
  listSnapshots,
  loadActiveSnapshot,
  loadSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
  pinnedVersion,
  readCounts,
} from '../../graph-data/index.ts';
import { assertTextIndexIsRight, importSaves, temporaryFolder } from '../data-folders.ts';
import { manyRows, whyNoDuckdb, writeLake } from '../graph-data/lakes.ts';
import { pinwalkAlone, startPinwalk } from '../scripts/command.ts';

/** Kills of each kind; `npm run faults` does a hundred. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 4);
const secondsMax = 1_200 + 10 * kills;

const folder = temporaryFolder(afterAll);
const input = path.join(folder, 'synthetic.tsv');
/** Enough that most of a command's time goes to its work. */
const rows = 40_000;
const sizes = ['--pins', '4000', '--boards', '6000', '--saves', String(rows)];
const random = randomStream(20);
const importInto = (data: string): string[] => ['import', input, '--data', data];

beforeAll(async () => {
  expect(
    (await pinwalkAlone('sample', 'synthetic', ...sizes, '--output', input, '--data', folder)).code,
  ).toBe(0);
});

/**
 * Runs the command many times, each on a copy of a data folder that `prepare` has filled, and kills it at a random
 * moment between its start and its end.
 */
async function killAtRandom(
  name: string,
  prepare: (data: DataFolder) => Promise<unknown>,
  argsOn: (data: string) => string[],
  check: (data: DataFolder) => Promise<void>,
): Promise<{ cutOff: number }> {
  const prepared = openDataFolder(path.join(folder, `${name}-prepared`));
  await prepare(prepared);
  const copy = (run: number | 'first' | 'timing'): DataFolder => {
    const root = path.join(folder, `${name}-${run}`);
    cpSync(prepared.root, root, { recursive: true });
    return openDataFolder(root);
  };
  // The first run compiles the code that later ones find in the cache: its time would be too long.
  let wholeMs = 0;
  for (const run of ['first', 'timing'] as const) {
    const { root } = copy(run);
    const started = performance.now();
    expect((await pinwalkAlone(...argsOn(root))).code).toBe(0);
    wholeMs = performance.now() - started;
  }
  let cutOff = 0;
  for (let kill = 0; kill < kills; kill++) {
    const data = copy(kill);
    const { child, ended } = startPinwalk(...argsOn(data.root));
    // Every other kill comes once it has begun to write, the first at once: on a busy machine, `wholeMs` says little. The
    // first part of the time is the start of Node; the interesting moments come later.
    const isWriting = kill % 2 === 0;
    if (isWriting) await writes(data, child);
    if (kill > 0) await wait(wholeMs * (isWriting ? 0.5 * nextUnit(random) : 0.3 + 0.7 * nextUnit(random)));
    child.kill('SIGKILL');
    if ((await ended).signal === 'SIGKILL') cutOff++;
    await check(data);
  }
  return { cutOff };
}

/** Resolves once the process has changed a file of the folder, or has ended. */
async function writes({ root }: DataFolder, child: ChildProcess): Promise<void> {
  const before = filesOf(root);
  while (child.exitCode === null && filesOf(root) === before) await wait(2);
}

function filesOf(root: string): string {
  const states = readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => {
    const { ino, size, mtimeMs } = statSync(path.join(root, name), { throwIfNoEntry: false }) ?? {};
    return [name, ino, size, mtimeMs].join(' ');
  });
  return states.join('\n');
}

function soundCounts(data: DataFolder): GraphCounts {
  const database = openDatabaseReadOnly(data)!;
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  const counts = readCounts(database);
  database.close();
  assertTextIndexIsRight(data);
  return counts;
}

const someSaves = (data: DataFolder) => importSaves(data, ['ann b1 p1', 'ann b1 p2']);

describe('kill -9', { timeout: secondsMax * 1000 }, () => {
  test(`${kills} kills during an import leave all of its rows in the database, or none`, async () => {
    const { cutOff } = await killAtRandom('import', someSaves, importInto, async (data) => {
      const { saves } = soundCounts(data);
      expect([2, rows + 2]).toContain(saves);
      const { files, graph } = await importFiles(data, [input]);
      expect(files[0]).toMatchObject({ read: rows, new: rows + 2 - saves, rejected: 0 });
      expect(soundCounts(data)).toEqual(graph);
    });
    expect(cutOff).toBeGreaterThan(0);
  });

  test(`${kills} kills during the first import into an empty folder leave all of its rows, or none`, async () => {
    const nothing = async (): Promise<void> => {};
    const { cutOff } = await killAtRandom('first', nothing, importInto, async (data) => {
      const database = openDatabaseReadOnly(data);
      database?.close();
      if (database !== undefined) expect([0, rows]).toContain(soundCounts(data).saves);
      expect((await importFiles(data, [input])).graph.saves).toBe(rows);
      soundCounts(data);
    });
    expect(cutOff).toBeGreaterThan(0);
  });

  test.skipIf(whyNoDuckdb !== undefined)(
    `${kills} kills during a build from a lake leave all of its rows, or none, and no part of a snapshot`,
    async () => {
      const lake = await writeLake(path.join(folder, 'lake.parquet'), manyRows(rows));
      const nothing = async (): Promise<void> => {};
      const args = (root: string): string[] => ['build', '--no-analysis', '--from', lake, '--data', root];
      const { cutOff } = await killAtRandom('lake', nothing, args, async (data) => {
        const database = openDatabaseReadOnly(data);
        database?.close();
        const before = database === undefined ? 0 : soundCounts(data).saves;
        for (const { version } of listSnapshots(data)) loadSnapshot(data, version);
        const { read, new: added, duplicate, graph } = await importLake(data, lake);
        expect([0, graph.saves]).toContain(before);
        expect(added).toBe(graph.saves - before);
        expect(read - duplicate - added).toBeGreaterThan(0);
        expect(soundCounts(data)).toEqual(graph);
        expect(readdirSync(data.root).filter((name) => name.startsWith('lake'))).toEqual([]);
      });
      expect(cutOff).toBeGreaterThan(0);
    },
  );

  test(`${kills} kills during a build: every snapshot verifies, and one is served`, async () => {
    const prepare = async (data: DataFolder): Promise<void> => {
      await someSaves(data);
      activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
      await importFiles(data, [input]);
    };
    const { cutOff } = await killAtRandom(
      'build',
      prepare,
      (root) => ['build', '--data', root],
      async (data) => {
        for (const { version } of listSnapshots(data)) loadSnapshot(data, version);
        const served = loadActiveSnapshot(data, (fault) => {
          throw fault;
        });
        expect([2, rows + 2]).toContain(served.header.counts.saves);
        activateSnapshot(data, (await buildSnapshot(data, () => 0)).version);
        expect(loadActiveSnapshot(data, () => {}).header.counts.saves).toBe(rows + 2);
      },
    );
    expect(cutOff).toBeGreaterThan(0);
  });
});

test(
  `${kills} kills of a rollback: it is done and pinned, or not done`,
  { timeout: secondsMax * 1000 },
  async () => {
    const versions: string[] = [];
    const prepare = async (data: DataFolder): Promise<void> => {
      for (const save of ['ann b1 p1', 'ann b1 p2']) {
        await importSaves(data, [save]);
        const { version } = await buildSnapshot(data, () => 0);
        activateSnapshot(data, version, { force: true });
        versions.push(version);
      }
    };
    const left: unknown[] = [];
    await killAtRandom(
      'rollback',
      prepare,
      (root) => ['snapshots', 'rollback', '--data', root],
      async (data) => {
        const state = [activeVersion(data), pinnedVersion(data)];
        left.push(state);
        expect([
          [versions[0], versions[0]],
          [versions[1], undefined],
        ]).toContainEqual(state);
        expect(loadActiveSnapshot(data, (fault) => expect.fail(fault.message)).version).toBe(state[0]);
      },
    );
    expect(left).toHaveLength(kills);
  },
);

test('Ctrl-C during import keeps nothing, says so, and exits with 130', async () => {
  const data = openDataFolder(path.join(folder, 'interrupted'));
  const { child, ended } = startPinwalk('import', input, '--data', data.root);
  // The rollback journal appears when the import begins to write.
  await expect.poll(() => existsSync(`${data.database}-journal`), { interval: 5 }).toBe(true);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({
    code: 130,
    stderr: expect.stringContaining('nothing was kept') as string,
  });
  expect(soundCounts(data).saves).toBe(0);
});

test('of two imports at once, one succeeds, and the other succeeds after it or reports why not', async () => {
  const data = openDataFolder(path.join(folder, 'two'));
  const [one, other] = await Promise.all([
    pinwalkAlone('import', input, '--data', data.root),
    pinwalkAlone('import', input, '--data', data.root),
  ]);
  expect([one.code, other.code]).toContain(0);
  for (const { code, stderr } of [one, other]) {
    if (code !== 0) expect(stderr).toContain('another process is writing');
  }
  expect(soundCounts(data).saves).toBe(rows);
});
