import {
  copyFileSync,
  existsSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { listKeys, openDatabase } from '../../graph-data/database/index.ts';
import { migrations } from '../../graph-data/database/schema.ts';
import {
  type DataFolder,
  SaveWriter,
  activateSnapshot,
  buildSnapshot,
  createKey,
  loadActiveSnapshot,
  loadSnapshot,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

const build = async (folder: DataFolder): Promise<string> => {
  const { version } = await buildSnapshot(folder, () => 0);
  activateSnapshot(folder, version, { force: true });
  return version;
};

async function builtFolder(): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato']);
  await build(folder);
  return folder;
}

function save(folder: DataFolder, ...pins: string[]): void {
  const writer = SaveWriter.open(folder, { busyMs: 100 });
  for (const pin of pins) {
    writer.apply([{ changes: [{ kind: 'save', user: 'ann', board: 'pasta', pin }], time: 0 }]);
  }
  writer.close();
}

const removeDatabase = (folder: DataFolder): void => {
  for (const end of ['', '-wal', '-shm']) rmSync(folder.database + end, { force: true });
};

const refused = (remedy: string) =>
  expect.objectContaining({
    code: 'data-folder-unusable',
    message: expect.stringContaining(remedy) as string,
  });

test.each(['deleted', 'emptied'])(
  'a folder whose database was %s beside snapshots is refused with the remedy',
  async (how) => {
    const folder = await builtFolder();
    rmSync(path.join(folder.root, 'pinwalk.id'), { force: true });
    if (how === 'deleted') removeDatabase(folder);
    else truncateSync(folder.database);
    expect(() => openDatabase(folder)).toThrow(refused('restore pinwalk.db'));
    expect(() => listKeys(folder)).toThrow(refused('restore pinwalk.db'));
    await expect(importSaves(folder, ['eve tea mint'])).rejects.toThrow('restore pinwalk.db');
  },
);

test('a folder that lost a database with API keys is refused, since everybody would have access', () => {
  const folder = temporaryDataFolder();
  createKey(folder, { scope: 'admin' }, (count) => Buffer.alloc(count, 7), 0);
  removeDatabase(folder);
  expect(() => listKeys(folder)).toThrow(refused('restore pinwalk.db'));
  expect(existsSync(folder.database)).toBe(false);
});

test('a folder with a new database beside its snapshots, or with that of another folder, is refused', async () => {
  const folder = await builtFolder();
  const empty = temporaryDataFolder();
  openDatabase(empty).close();
  copyFileSync(empty.database, folder.database);
  expect(() => openDatabase(folder)).toThrow(refused('pinwalk.db is new'));
  rmSync(path.join(folder.root, 'pinwalk.id'), { force: true });
  expect(() => openDatabase(folder)).toThrow(refused('pinwalk.db is new'));

  const other = temporaryDataFolder();
  await importSaves(other, ['eve tea mint', 'eve cake sugar']);
  const own = await builtFolder();
  copyFileSync(other.database, own.database);
  expect(() => openDatabase(own)).toThrow(refused('delete pinwalk.id'));
  rmSync(path.join(own.root, 'pinwalk.id'));
  openDatabase(own).close();
  expect(() => loadActiveSnapshot(own, () => {})).toThrow('no snapshot to serve');
});

test('a snapshot of another database is refused, even with equal rows', async () => {
  const [folder, other] = [await builtFolder(), temporaryDataFolder()];
  await importSaves(other, ['ann pasta mint', 'ann pasta sugar', 'ben salad sugar']);
  const version = await build(other);
  copyFileSync(snapshotFile(other, version), snapshotFile(folder, version));
  // The same positions, numbers and version: only the origin differs.
  expect(() => loadSnapshot(folder, version)).toThrow('built from another database');
  await importSaves(other, ['ben salad mint']);
  const later = await build(other);
  copyFileSync(snapshotFile(other, later), snapshotFile(folder, later));
  expect(() => activateSnapshot(folder, later)).toThrow('built from another database');
});

test('a snapshot ahead of a restored database is refused, even when its position is reached again', async () => {
  const folder = await builtFolder();
  const backup = readFileSync(folder.database);
  const before = await build(folder);
  save(folder, 'garlic');
  const ahead = await build(folder);
  removeDatabase(folder);
  writeFileSync(folder.database, backup);
  expect(() => loadSnapshot(folder, ahead)).toThrow('ahead of the database');
  const faults: string[] = [];
  expect(loadActiveSnapshot(folder, ({ message }) => faults.push(message)).version).toBe(before);
  expect(faults).toEqual([expect.stringContaining('ahead of the database')]);
  save(folder, 'leek');
  expect(() => loadSnapshot(folder, ahead)).toThrow('another history');
  save(folder, 'salt', 'oil');
  expect(() => loadSnapshot(folder, ahead)).toThrow('another history');
  expect(loadSnapshot(folder, before).version).toBe(before);
});

test('a snapshot of an earlier state is accepted after a later backup of the same history was restored', async () => {
  const folder = await builtFolder();
  save(folder, 'garlic');
  const version = await build(folder);
  save(folder, 'leek');
  const backup = readFileSync(folder.database);
  save(folder, 'salt');
  removeDatabase(folder);
  writeFileSync(folder.database, backup);
  expect(loadSnapshot(folder, version).header.counts.pins).toBe(3);
});

test('two snapshots of one state are byte-identical', async () => {
  const folder = await builtFolder();
  const version = await build(folder);
  const bytes = readFileSync(snapshotFile(folder, version));
  rmSync(snapshotFile(folder, version));
  expect(await build(folder)).toBe(version);
  expect(readFileSync(snapshotFile(folder, version)).equals(bytes)).toBe(true);
});

test('opening a database without an id assigns one, and a backup from that time gets the same', async () => {
  const folder = temporaryDataFolder();
  const old = new SqliteDatabase(folder.database);
  for (const migration of migrations.slice(0, 6)) old.exec(migration);
  old.pragma('user_version = 6');
  old.pragma('application_id = 0x70696e77');
  old.exec(`INSERT INTO users (id, key) VALUES (0, 'ann'); INSERT INTO pins (id, key) VALUES (0, 'basil');
    INSERT INTO boards (id, key, owner) VALUES (0, 'pasta', 0); INSERT INTO saves (board, pin) VALUES (0, 0);
    UPDATE source SET position = 4, nextUser = 1, nextBoard = 1, nextPin = 1, eventsFrom = 4`);
  old.close();
  const backup = readFileSync(folder.database);
  const version = await build(folder);
  save(folder, 'tomato');
  expect(loadSnapshot(folder, version).header.position).toBe(4);
  removeDatabase(folder);
  writeFileSync(folder.database, backup);
  expect(() => loadSnapshot(folder, version)).toThrow('another history');
  await build(folder);
  expect(loadActiveSnapshot(folder, () => {}).header.counts.saves).toBe(1);
});

test.skipIf(process.platform === 'win32')('a new data folder can be read by its owner only', async () => {
  const folder = await builtFolder();
  const database = openDatabase(folder);
  const mode = (file: string): string => (statSync(file).mode & 0o777).toString(8);
  expect([folder.root, folder.snapshots].map(mode)).toEqual(['700', '700']);
  const files = ['pinwalk.db', 'pinwalk.db-wal', 'pinwalk.db-shm', 'pinwalk.id', 'snapshots/active.json'];
  expect(files.map((file) => mode(path.join(folder.root, file)))).toEqual(files.map(() => '600'));
  expect(mode(snapshotFile(folder, loadActiveSnapshot(folder, () => {}).version))).toBe('600');
  database.close();
});
