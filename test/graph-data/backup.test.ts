import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { clickLog, writeInteractions } from '../click-log.ts';
import { migrations } from '../../graph-data/database/schema.ts';
import {
  activateModel,
  activeVersion,
  backUp,
  experimentsFile,
  listModels,
  loadModel,
  openDataFolder,
  readExperiments,
  restore,
  trainModel,
} from '../../graph-data/index.ts';
import { listKeys } from '../../graph-data/database/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import {
  backup,
  bytesIn,
  contentOf,
  fill,
  newRoot,
  origin,
  rewritten,
  root,
  save,
  source,
} from './backups.ts';

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

test('a backup contains experiments, and restoring one without experiments removes those of the folder', async () => {
  const [folder, file] = [
    openDataFolder(path.join(root, 'experimenting')),
    path.join(root, 'experiments.tar'),
  ];
  await fill(folder, ['ann pasta basil', 'ben salad basil']);
  const text = JSON.stringify({
    experiments: {
      first: {
        surface: 'related',
        arms: [
          { name: 'a', share: 1 },
          { name: 'b', share: 1 },
        ],
        start: '2026-11-01T00:00:00.000Z',
        end: null,
      },
    },
  });
  writeFileSync(experimentsFile(folder), text);
  await backUp(folder, file, origin);
  const restored = newRoot();
  await restore(restored, file);
  expect(readFileSync(experimentsFile({ root: restored }), 'utf8')).toBe(text);
  expect([...readExperiments(folder).keys()]).toEqual(['first']);
  await restore(restored, backup, { force: true });
  expect(readExperiments({ root: restored }).size).toBe(0);
});

test('a backup contains models and the active versions; after restoring one without models, none is active', async () => {
  const [folder, file] = [openDataFolder(path.join(root, 'modelling')), path.join(root, 'models.tar')];
  await fill(folder, ['ann pasta basil', 'ben salad basil']);
  writeInteractions(folder, clickLog(100));
  const options = { label: 'click', learner: 'ftrl', windowHours: 24, zone: 'UTC', randomSeed: 1, codeVersion: 'test' } as const; // prettier-ignore
  const { version } = trainModel(folder, options);
  activateModel(folder, version);
  await backUp(folder, file, origin);
  const restored = newRoot();
  await restore(restored, file);
  expect(listModels({ root: restored })).toMatchObject([{ version, active: true }]);
  expect(loadModel({ root: restored }, version).header.label).toBe('click');
  await restore(restored, backup, { force: true });
  expect(listModels({ root: restored })).toMatchObject([{ version, active: false }]);
});

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

test('a backup deletes the leftovers of killed backups in its folder, whatever their names, and nothing else', async () => {
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
