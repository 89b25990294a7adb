import { existsSync, linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  InteractionWriter,
  adopt,
  exportTo,
  monthFile,
  openDataFolder,
  publicationAt,
  publish,
  restore,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';
import { inbox, noon, open } from './notified.ts';

/** Temporary files of killed processes: the next write of the same file deletes them. */

/** The number of no process. */
const ended = 4_194_305;
const root = temporaryFolder(afterAll);
const source = openDataFolder(path.join(root, 'source'));

beforeAll(async () => {
  await importSaves(source, ['ann pasta basil', 'ben salad basil']);
});

function partialsIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.includes('.partial'));
}

test('an export to a file deletes what a killed one left of it, and not what a running one writes', async () => {
  const folder = temporaryDataFolder().root;
  const others = ['saves.csv.1.partial', `pins.csv.${ended}.partial`];
  for (const name of [`saves.csv.${ended}.partial`, ...others]) {
    writeFileSync(path.join(folder, name), 'cut off');
  }
  await exportTo(source, path.join(folder, 'saves.csv'));
  expect(partialsIn(folder)).toEqual(others.toSorted());
});

test('a database file of notifications is created and opened without the leftovers of killed creations', async () => {
  const { folder, store } = await open({});
  const leave = (): void => {
    for (const ending of ['', '-journal']) {
      writeFileSync(path.join(folder.root, `notifications.db.${ended}.partial${ending}`), 'cut off');
    }
  };
  leave();
  store.putChannels('ann', [inbox], noon);
  expect(partialsIn(folder.root)).toEqual([]);
});

test('a month that is created or deleted leaves no second name of a month', () => {
  const folder = temporaryDataFolder();
  const write = (month: number): void => {
    const writer = new InteractionWriter(folder, 1_000);
    const at = Date.UTC(2026, month, 5);
    writer.apply([{ rows: [{ kind: 'click', user: 'ann', pin: 'basil', at }], time: at }]);
    writer.close();
  };
  const months = path.join(folder.root, 'interactions');
  const leave = (): void =>
    linkSync(monthFile(folder, '2026-03'), `${monthFile(folder, '2026-03')}.${ended}.partial`);
  write(2);
  leave();
  write(3);
  expect(partialsIn(months)).toEqual([]);
  leave();
  const writer = new InteractionWriter(folder, 1_000);
  writer.dropBefore(Date.UTC(2026, 3, 1));
  writer.close();
  expect(existsSync(monthFile(folder, '2026-03'))).toBe(false);
  expect(partialsIn(months)).toEqual([]);
});

test.each([ended, process.pid])(
  'a replica goes on after a kill while it took over a publication as process %i',
  async (pid) => {
    const target = path.join(temporaryDataFolder().root, 'published');
    await publish(source, target, { pinwalk: '1.2.3', createdAt: new Date(0) });
    const replica = temporaryDataFolder();
    await restore(replica.root, target, { force: true });
    const folder = openDataFolder(replica.root);
    mkdirSync(path.join(folder.root, `restore.adopt.${pid}.partial`));
    const from = publicationAt(target)!;
    await adopt(folder, from, await from.latest(), { withSnapshot: true });
    expect(partialsIn(folder.root)).toEqual([]);
  },
);
