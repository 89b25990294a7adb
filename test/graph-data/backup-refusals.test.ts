import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { nextBelow, randomStream } from '../../engine/index.ts';
import { migrations } from '../../graph-data/database/schema.ts';
import {
  activateSnapshot,
  activeVersion,
  backUp,
  loadActiveSnapshot,
  openDataFolder,
  openDatabaseReadOnly,
  restore,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { backup, newRoot, origin, refusal, rewritten, root, source, withManifest } from './backups.ts';

/** A schema version that this pinwalk does not know. */
const newer = migrations.length + 1;

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
  const file = await withManifest('"position": 10', '"position": 8');
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
