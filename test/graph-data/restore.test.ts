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
import { expect, test } from 'vitest';
import {
  activateSnapshot,
  activeVersion,
  addPreset,
  backUp,
  buildSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
  restore,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { backup, bytesIn, contentOf, fill, newRoot, origin, refusal, root, save, source } from './backups.ts';

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
