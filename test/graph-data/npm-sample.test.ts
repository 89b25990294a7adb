import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { type Pack, pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { Store, importRows, npmSampleSources, openDatabaseReadOnly } from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';

function tar(files: Record<string, string | Uint8Array>): Pack {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  return archive;
}

const inner = async (files: Record<string, string>): Promise<Uint8Array> =>
  gzipSync(await buffer(tar(files) as unknown as AsyncIterable<Uint8Array> as never));

test('npmSampleSources reads users with two boards from archives within an archive', async () => {
  const folder = temporaryDataFolder();
  const archive = path.join(folder.root, 'sample.tgz');
  const outer = tar({
    'package/package.json': '{}',
    'package/dependents.tgz': await inner({
      'dependents/express.json': '["app", "site"]',
      'dependents/@scope/name.json': '["app"]',
      // The registry has a package file without a name, on which some depend.
      'dependents/.json': '["odd"]',
    }),
    'package/devDependents.tgz': await inner({ 'devDependents/mocha.json': '["app"]' }),
  });
  const bytes = gzipSync(await buffer(outer as never));
  await pipeline([bytes], createWriteStream(archive));

  const { files, graph } = await importRows(folder, npmSampleSources(archive));
  expect(files.map(({ file, new: added }) => [file, added])).toEqual([
    ['dependencies', 4],
    ['devDependencies', 1],
  ]);
  expect(graph).toEqual({ users: 3, boards: 4, pins: 4, saves: 5 });
  const store = Store.open(folder);
  expect(['express', '@scope/name', '', 'mocha'].map((pin) => store.indexOf('pins', pin))).toEqual([
    0, 1, 2, 3,
  ]);
  store.close();
  const database = openDatabaseReadOnly(folder)!;
  expect(database.prepare('SELECT key FROM boards ORDER BY id').pluck().all()).toEqual([
    'app/dependencies',
    'site/dependencies',
    'odd/dependencies',
    'app/devDependencies',
  ]);
  database.close();
});

test('importing a truncated npm archive fails and stores nothing', async () => {
  const folder = temporaryDataFolder();
  const archive = path.join(folder.root, 'cut.tgz');
  const bytes = gzipSync(
    await buffer(tar({ 'package/dependents.tgz': await inner({ 'dependents/a.json': '["b"]' }) }) as never),
  );
  await pipeline([bytes.subarray(0, -30)], createWriteStream(archive));
  await expect(importRows(folder, npmSampleSources(archive))).rejects.toThrow(/unexpected end/i);
  expect(openDatabaseReadOnly(folder)!.prepare('SELECT count(*) FROM saves').pluck().get()).toBe(0);
});
