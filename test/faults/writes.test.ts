import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import { readChanges } from '../../graph-data/database/index.ts';
import { type DataFolder, openDatabaseReadOnly, readPosition } from '../../graph-data/index.ts';
import { assertTextIndexIsRight, temporaryDataFolder } from '../data-folders.ts';
import { PlainGraph, storedGraph } from '../graph-data/plain-saves.ts';

/** `npm run faults` kills a hundred times. */
const kills = Number(process.env['PINWALK_KILLS'] ?? 8);
const child = path.join(import.meta.dirname, 'writing-child.ts');
const random = randomStream(21);

/** Writes for a while, is killed, and returns the acknowledged requests. */
async function writeAndDie(folder: DataFolder, first: number): Promise<number[]> {
  const writing = spawn(process.execPath, [child, folder.root, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  writing.stdout.on('data', (text: Buffer) => (printed += text.toString()));
  // Several commits of up to sixteen requests, however slow the machine is.
  const least = 17 + nextBelow(random, 64);
  while (printed.split('\n').length <= least) await once(writing.stdout, 'data');
  // In steps of microseconds: a commit takes a few milliseconds.
  await wait(nextUnit(random) * 30);
  const until = performance.now() + nextUnit(random);
  while (performance.now() < until);
  writing.kill('SIGKILL');
  const [code, signal] = (await once(writing, 'close')) as [number | null, string | null];
  expect([code, signal]).toEqual([null, 'SIGKILL']);
  // The last line may be incomplete: it does not count.
  return printed.split('\n').slice(0, -1).map(Number);
}

test(
  `${kills} kills while writing lose no acknowledged write, and leave no partial one`,
  { timeout: 1_200_000 + 10_000 * kills },
  async () => {
    const folder = temporaryDataFolder();
    const answered: number[] = [];
    for (let kill = 0; kill < kills; kill++) {
      answered.push(...(await writeAndDie(folder, kill * 1_000_000)));
      const database = openDatabaseReadOnly(folder)!;
      expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(database.pragma('foreign_key_check')).toEqual([]);
      const savesOf = new Map(
        database
          .prepare<[], [string, number]>(
            'SELECT key, (SELECT count(*) FROM saves WHERE board = boards.id) FROM boards',
          )
          .raw()
          .all(),
      );
      expect(answered.filter((number) => savesOf.get(`board${number}`) !== 3)).toEqual([]);
      expect([...savesOf].filter(([, saves]) => saves !== 3)).toEqual([]);
      const replayed = new PlainGraph();
      expect(readChanges(database, 0, (kind, a, b) => replayed.take(kind, a, b))).toBe(
        readPosition(database),
      );
      expect(replayed.content()).toEqual(storedGraph(database));
      database.close();
      assertTextIndexIsRight(folder);
    }
    expect(answered.length).toBeGreaterThan(kills * 16);
  },
);
