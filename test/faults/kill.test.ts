import { existsSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nextUnit, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  type GraphCounts,
  activateSnapshot,
  buildSnapshot,
  importFiles,
  listSnapshots,
  loadActiveSnapshot,
  loadSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
  readCounts,
} from '../../graph-data/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { pinwalk, startPinwalk } from '../scripts/command.ts';

/** Kills of each kind; `npm run faults` does a hundred. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 6);
const secondsMax = 60 + 10 * kills;

const folder = temporaryFolder(afterAll);
const input = path.join(folder, 'synthetic.tsv');
const sizes = ['--pins', '20000', '--boards', '30000', '--saves', '200000'];
const random = randomStream(20);
const importInto = (data: string): string[] => ['import', input, '--data', data];

beforeAll(async () => {
  expect((await pinwalk('sample', 'synthetic', ...sizes, '--output', input, '--data', folder)).code).toBe(0);
});

/** Starts the command again and again, each time killing it somewhere between its start and its end. */
async function killAtRandom(
  argsOn: (data: string) => string[],
  data: DataFolder,
  check: () => Promise<void>,
): Promise<{ cutOff: number }> {
  const started = performance.now();
  expect((await pinwalk(...argsOn(path.join(folder, 'timing')))).code).toBe(0);
  const wholeMs = performance.now() - started;
  let cutOff = 0;
  for (let kill = 0; kill < kills; kill++) {
    const { child, ended } = startPinwalk(...argsOn(data.root));
    // Node itself takes the first part of the time; the interesting moments come after it.
    await wait(wholeMs * (0.3 + 0.7 * nextUnit(random)));
    child.kill('SIGKILL');
    if ((await ended).signal === 'SIGKILL') cutOff++;
    await check();
  }
  return { cutOff };
}

function soundCounts(data: DataFolder): GraphCounts {
  const database = openDatabaseReadOnly(data)!;
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  const counts = readCounts(database);
  database.close();
  return counts;
}

describe('kill -9', () => {
  test(
    `${kills} times during import: all of it is in the database, or nothing`,
    { timeout: secondsMax * 1000 },
    async () => {
      const data = openDataFolder(path.join(folder, 'import'));
      await importSaves(data, ['ann b1 p1', 'ann b1 p2']);
      const before = soundCounts(data);
      let isImported = false;
      const { cutOff } = await killAtRandom(importInto, data, async () => {
        const { saves } = soundCounts(data);
        // A kill after the commit leaves the whole import behind, and the next one finds only duplicates.
        isImported ||= saves !== before.saves;
        expect(saves).toBe(isImported ? before.saves + 200_000 : before.saves);
      });
      expect(cutOff).toBeGreaterThan(0);
      const { files, graph } = await importFiles(data, [input]);
      expect(files[0]).toMatchObject({ read: 200_000, new: isImported ? 0 : 200_000, rejected: 0 });
      expect(graph.saves).toBe(200_002);
      expect(soundCounts(data)).toEqual(graph);
    },
  );

  test(
    `${kills} times during the first import into an empty folder`,
    { timeout: secondsMax * 1000 },
    async () => {
      const data = openDataFolder(path.join(folder, 'first'));
      const { cutOff } = await killAtRandom(importInto, data, async () => {
        if (openDatabaseReadOnly(data) === undefined) return;
        expect([0, 200_000]).toContain(soundCounts(data).saves);
      });
      expect(cutOff).toBeGreaterThan(0);
      expect((await importFiles(data, [input])).graph.saves).toBe(200_000);
      soundCounts(data);
    },
  );

  test(
    `${kills} times during build: every snapshot verifies, one is served`,
    { timeout: secondsMax * 1000 },
    async () => {
      const data = openDataFolder(path.join(folder, 'build'));
      await importSaves(data, ['ann b1 p1', 'ann b1 p2']);
      const first = await buildSnapshot(data, () => 0);
      activateSnapshot(data, first.version);
      await importFiles(data, [input]);
      await importFiles(openDataFolder(path.join(folder, 'timing')), [input]);
      const { cutOff } = await killAtRandom(
        (root) => ['build', '--data', root],
        data,
        async () => {
          for (const { version } of listSnapshots(data)) loadSnapshot(data, version);
          const served = loadActiveSnapshot(data, (fault) => {
            throw fault;
          });
          expect([2, 200_002]).toContain(served.header.counts.saves);
        },
      );
      expect(cutOff).toBeGreaterThan(0);
      expect((await pinwalk('build', '--data', data.root)).code).toBe(0);
      expect(loadActiveSnapshot(data, () => {}).header.counts.saves).toBe(200_002);
    },
  );
});

test('Ctrl-C during import keeps nothing, says so, and exits with 130', async () => {
  const data = openDataFolder(path.join(folder, 'interrupted'));
  await importSaves(data, ['ann b1 p1']);
  const { child, ended } = startPinwalk('import', input, '--data', data.root);
  // The rollback journal appears when the import begins to write.
  await expect
    .poll(() => existsSync(`${data.database}-journal`), { timeout: 20_000, interval: 5 })
    .toBe(true);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({
    code: 130,
    stderr: expect.stringContaining('nothing was kept') as string,
  });
  expect(soundCounts(data).saves).toBe(1);
});

test('two imports at once: one is done, the other is told why not or comes after it', async () => {
  const data = openDataFolder(path.join(folder, 'two'));
  const [one, other] = await Promise.all([
    pinwalk('import', input, '--data', data.root),
    pinwalk('import', input, '--data', data.root),
  ]);
  expect([one.code, other.code]).toContain(0);
  for (const { code, stderr } of [one, other]) {
    if (code !== 0) expect(stderr).toContain('another process is writing');
  }
  expect(soundCounts(data).saves).toBe(200_000);
});
