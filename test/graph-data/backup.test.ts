import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import SqliteDatabase from 'better-sqlite3';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nextBelow, randomStream } from '../../engine/index.ts';
import { packFiles } from '../../graph-data/backup/container.ts';
import { migrations } from '../../graph-data/database/schema.ts';
import {
  type DataFolder,
  SaveWriter,
  activateSnapshot,
  activeVersion,
  addPreset,
  backUp,
  buildSnapshot,
  createKey,
  listKeys,
  loadActiveSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
  readPresets,
  restore,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';

/** A schema version that this pinwalk does not know. */
const newer = migrations.length + 1;
const origin = { pinwalk: '1.2.3', createdAt: new Date(0) };
const root = temporaryFolder(afterAll);
const source = openDataFolder(path.join(root, 'source'));
const backup = path.join(root, 'backup.tar');

beforeAll(async () => {
  await fill(source, ['ann pasta basil', 'ann pasta tomato', 'ben salad tomato']);
  createKey(source, { scope: 'admin' }, (count) => Buffer.alloc(count, 7), 0);
  addPreset(source, 'home', { algorithm: 'pixie', params: { steps: 2_000 } });
  await backUp(source, backup, origin);
});

async function fill(folder: DataFolder, saves: readonly string[]): Promise<void> {
  await importSaves(folder, saves);
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0)).version, { force: true });
}

/** All rows that a folder has, its presets, and the snapshot that it serves; fails if that needs a second choice. */
function contentOf(folder: DataFolder): unknown {
  const database = openDatabaseReadOnly(folder)!;
  const tables = ['users', 'boards', 'pins', 'saves', 'source', 'keys', 'events'];
  const rows = tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all());
  database.close();
  const { version } = loadActiveSnapshot(folder, (fault) => expect.fail(fault.message));
  return { rows, version, presets: [...readPresets(folder)] };
}

/** Every file of a folder and its bytes, in hexadecimal. */
function bytesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(folder, name), 'hex')]));
}

function save(folder: DataFolder, pin: string): void {
  const writer = SaveWriter.open(folder, { busyMs: 100 });
  writer.apply([{ changes: [{ kind: 'save', user: 'ann', board: 'pasta', pin }], time: 0 }]);
  writer.close();
}

const refusal = (code: string, remedy: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(remedy) as string });

/** Each test restores into a folder of its own. */
let folders = 0;
const newRoot = (): string => path.join(root, `restored${folders++}`);

/** A backup with other content, whose own checksums are right. */
async function rewritten(change: (files: Map<string, Buffer>) => void): Promise<string> {
  const files = new Map<string, Buffer>();
  const entries = extract();
  entries.end(readFileSync(backup).subarray(0, -32));
  for await (const entry of entries) {
    files.set(entry.header.name, await buffer(entry as never));
  }
  change(files);
  const file = path.join(root, `rewritten${folders++}.tar`);
  const packed = [...files].map(([name, content]) => ({ name, bytes: content.length, content }));
  writeFileSync(file, await buffer(Readable.from(packFiles(packed, new Date(0), () => {}))));
  return file;
}

async function withManifest(from: string, to: string): Promise<string> {
  return rewritten((files) => {
    const text = files.get('manifest.json')!.toString();
    expect(text).toContain(from);
    files.set('manifest.json', Buffer.from(text.replace(from, to)));
  });
}

test.each(['backup.tar', 'backup.tar.gz', 'backup.tar.zst'])(
  'a folder restored from %s has the rows, keys, presets and snapshot of the source, and starts at once',
  async (name) => {
    const file = path.join(root, 'named', name);
    mkdirSync(path.dirname(file), { recursive: true });
    await backUp(source, file, origin);
    const folder = newRoot();
    const report = await restore(folder, file);
    expect(report).toMatchObject({ pinwalk: '1.2.3', snapshot: activeVersion(source) });
    const restored = openDataFolder(folder);
    expect(contentOf(restored)).toEqual(contentOf(source));
    expect(listKeys(restored)).toEqual(listKeys(source));
    expect(readdirSync(folder).filter((each) => each.startsWith('restore'))).toEqual([]);
    save(restored, 'mint');
    expect(readdirSync(path.dirname(file)).filter((each) => each.includes('partial'))).toEqual([]);
  },
);

test('a backup and a restored folder can be read by their owner only', async () => {
  const folder = newRoot();
  await restore(folder, backup);
  const modes = [
    backup,
    ...['', 'snapshots', ...Object.keys(bytesIn(folder))].map((name) => path.join(folder, name)),
  ];
  for (const each of modes) expect(statSync(each).mode & 0o077, each).toBe(0);
});

test('the first file of a backup says what it contains', async () => {
  const bytes = readFileSync(backup);
  expect(bytes.toString('utf8', 0, 13)).toBe('manifest.json');
  await rewritten((files) => {
    const manifest = JSON.parse(files.get('manifest.json')!.toString());
    expect(manifest).toMatchObject({
      format: 1,
      pinwalk: '1.2.3',
      database: { schemaVersion: migrations.length, counts: { saves: 3 } },
    });
    expect([...files.keys()]).toEqual([
      'manifest.json',
      ...manifest.files.map(({ name }: { name: string }) => name),
    ]);
  });
});

test('a backup has the state of its start, however often others write meanwhile', async () => {
  const folder = openDataFolder(path.join(root, 'busy'));
  // More pages than one step copies.
  await fill(
    folder,
    Array.from({ length: 6_000 }, (_, i) => `u b${i % 200} ${'p'.repeat(400)}${i}`),
  );
  let writes = 0;
  const onProgress = ({ doing }: { doing: string }): void => {
    if (doing === 'copying pages') save(folder, `late${writes++}`);
  };
  const before = contentOf(folder) as { rows: unknown[] };
  await backUp(folder, path.join(root, 'busy.tar'), origin, { onProgress });
  // Without a read transaction, each write would make the copy start again.
  expect(writes).toBeGreaterThanOrEqual(2);
  const restored = newRoot();
  await restore(restored, path.join(root, 'busy.tar'));
  expect(contentOf(openDataFolder(restored))).toEqual(before);
  expect(contentOf(folder)).not.toEqual(before);
});

test('refuses a backup with one flipped bit, wherever it is, and writes nothing', async () => {
  const random = randomStream(1);
  const whole = readFileSync(backup);
  const file = path.join(root, 'flipped.tar');
  // Also in the gap after the manifest, in the padding at the end, and in the checksum itself.
  const places = [
    100,
    1_500,
    whole.length - 500,
    whole.length - 1,
    ...Array.from({ length: 30 }, () => nextBelow(random, whole.length)),
  ];
  for (const at of places) {
    const bytes = Buffer.from(whole);
    bytes[at]! ^= 1 << nextBelow(random, 8);
    writeFileSync(file, bytes);
    const folder = newRoot();
    await expect(restore(folder, file), `byte ${at}`).rejects.toThrow(
      refusal('backup-unusable', 'Nothing was restored'),
    );
    expect(existsSync(folder)).toBe(false);
  }
});

test.each(['tar', 'tar.gz', 'tar.zst'])('refuses a backup in %s that was cut anywhere', async (ending) => {
  const file = path.join(root, `cut.${ending}`);
  const whole = path.join(root, `whole.${ending}`);
  await backUp(source, whole, origin);
  const bytes = readFileSync(whole);
  const random = randomStream(2);
  const lengths = [
    0,
    40,
    bytes.length - 1,
    ...Array.from({ length: 4 }, () => nextBelow(random, bytes.length)),
  ];
  for (const length of lengths) {
    writeFileSync(file, bytes.subarray(0, length));
    const folder = newRoot();
    await expect(restore(folder, file), `${length} bytes`).rejects.toThrow(
      refusal('backup-unusable', 'Nothing was restored'),
    );
    expect(existsSync(folder)).toBe(false);
  }
});

test('a backup replaces an existing file only by force, and restores into a folder with content only by force', async () => {
  const file = path.join(root, 'existing.tar');
  writeFileSync(file, 'mine');
  await expect(backUp(source, file, origin)).rejects.toThrow(refusal('file-exists', '--force'));
  expect(readFileSync(file, 'utf8')).toBe('mine');
  await backUp(source, file, origin, { force: true });
  const other = temporaryDataFolder();
  await fill(other, ['eve tea mint', 'eve tea honey']);
  addPreset(other, 'theirs', { algorithm: 'pixie', params: {} });
  const before = bytesIn(other.root);
  await expect(restore(other.root, file)).rejects.toThrow(refusal('file-exists', '--force'));
  expect(bytesIn(other.root)).toEqual(before);
  await restore(other.root, file, { force: true });
  expect(contentOf(other)).toEqual(contentOf(source));
  expect(readdirSync(other.snapshots).toSorted()).toEqual(
    [`${activeVersion(source)}.snapshot`, 'active.json'].toSorted(),
  );
});

test('a forced restore of a damaged backup leaves the folder as it was', async () => {
  const other = temporaryDataFolder();
  await fill(other, ['eve tea mint', 'eve tea honey']);
  const before = bytesIn(other.root);
  const file = path.join(root, 'damaged.tar');
  cpSync(backup, file);
  truncateSync(file, statSync(file).size - 40);
  await expect(restore(other.root, file, { force: true })).rejects.toThrow('Nothing was restored');
  expect(bytesIn(other.root)).toEqual(before);
});

test('a folder that a server uses is not replaced', async () => {
  const other = temporaryDataFolder();
  await fill(other, ['eve tea mint', 'eve tea honey']);
  const open = openDatabaseReadOnly(other)!;
  open.prepare('SELECT count(*) FROM saves').get();
  await expect(restore(other.root, backup, { force: true })).rejects.toThrow(
    refusal('data-folder-in-use', 'stop it first'),
  );
  expect(open.prepare('SELECT count(*) FROM saves').pluck().get()).toBe(2);
  open.close();
  await restore(other.root, backup, { force: true });
});

test('a damaged database is replaced by force, and neither its log nor its journal touches the restored one', async () => {
  const other = temporaryDataFolder();
  await fill(other, ['eve tea mint', 'eve tea honey']);
  writeFileSync(other.database, 'damaged');
  for (const end of ['-wal', '-shm', '-journal'])
    writeFileSync(other.database + end, Buffer.alloc(40_000, 9));
  await restore(other.root, backup, { force: true });
  expect(contentOf(other)).toEqual(contentOf(source));
});

test('a restore that was killed after it was committed is completed by whatever opens the folder next', async () => {
  const whole = newRoot();
  await restore(whole, backup);
  const ready = temporaryDataFolder();
  await fill(ready, ['eve tea mint', 'eve tea honey']);
  const files = Object.keys(bytesIn(whole));
  // Killed before the first file was moved, between any two, and after the last.
  for (const moved of Array.from({ length: files.length + 1 }, (_, i) => i)) {
    const folder = newRoot();
    cpSync(ready.root, folder, { recursive: true });
    cpSync(whole, path.join(folder, 'restore.ready'), { recursive: true });
    const order = files.toSorted(
      (a, b) => Number(a.startsWith('pinwalk.db')) - Number(b.startsWith('pinwalk.db')),
    );
    for (const name of order.slice(0, moved))
      renameSync(path.join(folder, 'restore.ready', name), path.join(folder, name));
    expect(contentOf(openDataFolder(folder))).toEqual(contentOf(source));
    expect(existsSync(path.join(folder, 'restore.ready'))).toBe(false);
  }
});

test('a folder with an unfinished restore is refused, and the next restore cleans it up', async () => {
  const folder = newRoot();
  mkdirSync(path.join(folder, 'restore.999999999.partial'), { recursive: true });
  expect(() => openDatabaseReadOnly(openDataFolder(folder))).toThrow('an unfinished restore');
  await expect(importSaves(openDataFolder(folder), ['eve tea mint'])).rejects.toThrow(
    'an unfinished restore',
  );
  await restore(folder, backup);
  expect(contentOf(openDataFolder(folder))).toEqual(contentOf(source));
});

test('after a restore, snapshots of later states and of other databases are refused as before', async () => {
  const folder = openDataFolder(newRoot());
  cpSync(source.root, folder.root, { recursive: true });
  save(folder, 'mint');
  const ahead = (await buildSnapshot(folder, () => 0)).version;
  const [late, other] = [readFileSync(snapshotFile(folder, ahead)), temporaryDataFolder()];
  await fill(other, ['eve tea mint', 'eve tea honey']);
  await restore(folder.root, backup, { force: true });
  writeFileSync(snapshotFile(folder, ahead), late);
  expect(() => activateSnapshot(folder, ahead)).toThrow('ahead of the database');
  cpSync(snapshotFile(other, activeVersion(other)!), snapshotFile(folder, activeVersion(other)!));
  expect(() => activateSnapshot(folder, activeVersion(other)!)).toThrow('another database');
});

test('a backup of a damaged database is not kept', async () => {
  const folder = openDataFolder(newRoot());
  await fill(
    folder,
    Array.from({ length: 3_000 }, (_, i) => `u b${i % 20} p${i}`),
  );
  const page = Buffer.alloc(4_096, 0xff);
  const bytes = readFileSync(folder.database);
  page.copy(bytes, 4_096 * 12);
  writeFileSync(folder.database, bytes);
  const file = path.join(root, 'of-damaged.tar');
  await expect(backUp(folder, file, origin)).rejects.toThrow(/damaged|malformed/);
  expect(existsSync(file)).toBe(false);
});

test('a folder without a usable snapshot is backed up without one, which the report says', async () => {
  const folder = openDataFolder(newRoot());
  await fill(folder, ['eve tea mint', 'eve tea honey']);
  truncateSync(snapshotFile(folder, activeVersion(folder)!), 5_000);
  const file = path.join(root, 'no-snapshot.tar');
  expect(await backUp(folder, file, origin)).toMatchObject({
    snapshot: null,
    note: expect.stringContaining('is damaged') as string,
  });
  const restored = newRoot();
  expect(await restore(restored, file)).toMatchObject({
    snapshot: null,
    note: expect.stringContaining('pinwalk build') as string,
  });
  expect(activeVersion(openDataFolder(restored))).toBeUndefined();
});

test('refuses a backup of a newer format or schema, and names the versions', async () => {
  const newerFormat = await withManifest('"format": 1', '"format": 3');
  await expect(restore(newRoot(), newerFormat)).rejects.toThrow(
    refusal('backup-unusable', 'backup format 3, made by pinwalk 1.2.3'),
  );
  const newerSchema = await withManifest(
    `"schemaVersion": ${migrations.length}`,
    `"schemaVersion": ${newer}`,
  );
  await expect(restore(newRoot(), newerSchema)).rejects.toThrow(
    refusal('backup-unusable', `pinwalk 1.2.3 made it with schema version ${newer}`),
  );
});

test('leaves out a snapshot of another format, which the report says', async () => {
  const file = await withManifest('"format": 3', '"format": 4');
  const folder = newRoot();
  expect(await restore(folder, file)).toMatchObject({
    snapshot: null,
    note: expect.stringContaining('format 4') as string,
  });
  expect(readdirSync(path.join(folder, 'snapshots'))).toEqual([]);
});

test('refuses a backup whose database is another one than its manifest says', async () => {
  const file = await withManifest('"position": 9', '"position": 8');
  await expect(restore(newRoot(), file)).rejects.toThrow(
    refusal('backup-unusable', 'does not have the id, position and rows'),
  );
});

test('refuses files that are no backups, and paths that lead out of the folder', async () => {
  const file = path.join(root, 'text.tar');
  writeFileSync(file, 'user,board,pin\n'.repeat(100));
  await expect(restore(newRoot(), file)).rejects.toThrow(
    refusal('backup-unusable', 'not a backup of pinwalk'),
  );
  const outside = await rewritten((files) => {
    const text = files.get('manifest.json')!.toString().replace('"presets.json"', '"../presets.json"');
    files.set('manifest.json', Buffer.from(text));
  });
  await expect(restore(newRoot(), outside)).rejects.toThrow(
    refusal('backup-unusable', 'manifest.json is damaged'),
  );
  expect(existsSync(path.join(root, 'presets.json'))).toBe(false);
});

test('a backup deletes what killed backups left in its folder, whatever their names, and nothing else', async () => {
  const folder = path.join(root, 'backups');
  for (const name of ['old.tar.pinwalk-backup.999999999.partial', 'theirs.999999999.partial']) {
    mkdirSync(path.join(folder, name, 'data'), { recursive: true });
  }
  await backUp(source, path.join(folder, 'new.tar'), origin);
  expect(readdirSync(folder)).toEqual(['new.tar', 'theirs.999999999.partial']);
});

test('a stopped backup or restore leaves nothing', async () => {
  const controller = new AbortController();
  const stopping = { signal: controller.signal, onProgress: () => controller.abort() };
  const file = path.join(root, 'stopped', 'backup.tar');
  mkdirSync(path.dirname(file));
  await expect(backUp(source, file, origin, stopping)).rejects.toMatchObject({ code: 'stopped' });
  expect(readdirSync(path.dirname(file))).toEqual([]);
  const folder = newRoot();
  await expect(restore(folder, backup, stopping)).rejects.toMatchObject({ code: 'stopped' });
  expect(existsSync(folder)).toBe(false);
});

test('a database of a newer schema version is refused with both versions', async () => {
  const folder = openDataFolder(newRoot());
  await restore(folder.root, backup);
  const database = new SqliteDatabase(folder.database);
  database.pragma(`user_version = ${newer}`);
  database.close();
  expect(() => openDatabaseReadOnly(folder)).toThrow(
    refusal(
      'data-folder-unusable',
      `schema version ${newer}, and this pinwalk supports up to ${migrations.length}`,
    ),
  );
});

test('a snapshot of a newer format is refused with both formats, and is not called damaged', async () => {
  const folder = openDataFolder(newRoot());
  await restore(folder.root, backup);
  const version = activeVersion(folder)!;
  const bytes = readFileSync(snapshotFile(folder, version));
  bytes.writeUInt32LE(4, 8);
  writeFileSync(snapshotFile(folder, version), bytes);
  expect(() => activateSnapshot(folder, version)).toThrow(
    'it has format 4, this pinwalk reads 3: run pinwalk build',
  );
  const faults: string[] = [];
  expect(() => loadActiveSnapshot(folder, (fault) => faults.push(fault.message))).toThrow(
    'run pinwalk build',
  );
  expect(faults).toEqual([expect.not.stringContaining('is damaged')]);
});
