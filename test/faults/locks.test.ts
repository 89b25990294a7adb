import { existsSync, readFileSync, statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openDatabase } from '../../graph-data/database/index.ts';
import { type DataFolder, openDatabaseReadOnly } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

/** Locks that this process holds on the index of the write-ahead log. */
function locksOn({ database }: DataFolder): number {
  const { ino } = statSync(`${database}-shm`);
  const ours = new RegExp(` ${process.pid} [0-9a-f]+:[0-9a-f]+:${ino} `);
  return readFileSync('/proc/locks', 'utf8')
    .split('\n')
    .filter((line) => ours.test(line)).length;
}

const source = new URL('../../graph-data/database/index.ts', import.meta.url).href;
const openInThread = (folder: DataFolder): Worker =>
  new Worker(
    `import { workerData } from 'node:worker_threads';
     const { openDatabase } = await import(${JSON.stringify(source)});
     openDatabase(workerData).close();`,
    { eval: true, workerData: folder },
  );

// Without its lock, other processes take the index for one that a kill has left, and truncate it: SIGBUS, or damage.
test.skipIf(!existsSync('/proc/locks'))(
  'a connection keeps its lock on the index of the log while others of its process open and close',
  async () => {
    const folder = temporaryDataFolder();
    await importSaves(folder, ['ann pasta basil']);
    for (const first of [openDatabase(folder), openDatabaseReadOnly(folder)!]) {
      first.prepare('SELECT count(*) FROM saves').get();
      expect(locksOn(folder)).toBe(1);
      openDatabase(folder).close();
      openDatabaseReadOnly(folder)!.close();
      expect(await once(openInThread(folder), 'exit')).toEqual([0]);
      expect(locksOn(folder)).toBe(1);
      first.close();
    }
  },
);
