import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  type DataFolder,
  SaveWriter,
  activeVersion,
  openDataFolder,
  publish,
  restore,
} from '../../graph-data/index.ts';
import { StagingFolder } from '../../graph-data/backup/staging-folder.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';
import { contentOf, fill, newRoot, root, save, source } from './backups.ts';

let published = 0;
function newTarget(): string {
  return path.join(root, `published-${++published}`);
}

async function publishTo(
  target: string,
  folder: DataFolder = source,
  options: Parameters<typeof publish>[3] = {},
): ReturnType<typeof publish> {
  const createdAt = new Date(Date.UTC(2026, 4, 1) + 1_000 * ++published);
  return publish(folder, target, { pinwalk: '1.2.3', createdAt }, options);
}

const namesIn = (target: string, name: string): string[] => readdirSync(path.join(target, name));

/** Serves the files of a folder, as any web server does. */
async function serveFiles(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    const file = path.join(folder, request.url!);
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

test('a publication restores to the rows, keys, presets and snapshot of the source, from a folder and by HTTP', async () => {
  const target = newTarget();
  const report = await publishTo(target, source, { writer: 'http://writer.example' });
  expect(report).toMatchObject({ snapshot: activeVersion(source), dropped: 0, newBytes: report.bytes });
  for (const from of [target, await serveFiles(target)]) {
    const folder = newRoot();
    await restore(folder, from);
    expect(contentOf(openDataFolder(folder))).toEqual(contentOf(source));
  }
  expect(namesIn(target, '.').toSorted()).toEqual(['LATEST.json', 'files', 'generations']);
});

test('unchanged files are not written again, and old generations are deleted with the files that only they use', async () => {
  const [folder, target] = [temporaryDataFolder(), newTarget()];
  await fill(folder, ['ann pasta basil', 'ben salad basil']);
  await publishTo(target, folder);
  expect((await publishTo(target, folder)).newBytes).toBe(0);
  const contents: string[][] = [];
  for (const pin of ['egg', 'mint', 'dill']) {
    save(folder, pin);
    const { newBytes, bytes } = await publishTo(target, folder);
    expect(newBytes).toBeGreaterThan(0);
    expect(newBytes).toBeLessThan(bytes);
    contents.push(namesIn(target, 'files'));
  }
  expect(namesIn(target, 'generations')).toHaveLength(2);
  // Two databases and the snapshot with its interests.
  const last = contents.at(-1)!;
  expect(last).toHaveLength(contents[0]!.length);
  expect(last.filter((name) => !contents[0]!.includes(name))).toHaveLength(2);
  expect((await publishTo(target, folder, { keep: 1 })).dropped).toBe(2);
  expect(namesIn(target, 'generations')).toHaveLength(1);
});

test('generations that the change log does not reach are deleted: after an import, and after an erasure', async () => {
  const [folder, target] = [temporaryDataFolder(), newTarget()];
  await fill(folder, ['ann pasta basil', 'secret-person salad basil']);
  await publishTo(target, folder);
  await importSaves(folder, ['ann pasta olive']);
  expect((await publishTo(target, folder, { keep: 10 })).dropped).toBe(1);
  const writer = SaveWriter.open(folder, { busyMs: 100 });
  const { position } = writer.apply([{ changes: [{ kind: 'save', user: 'ann', pin: 'egg' }], time: 0 }]);
  expect((await publishTo(target, folder, { keep: 10 })).dropped).toBe(0);
  writer.erase('secret-person', 0);
  writer.scrub(position + 10);
  writer.truncateWal();
  writer.close();
  expect((await publishTo(target, folder, { keep: 10 })).dropped).toBe(2);
  const bytes = namesIn(target, 'files').map((name) => readFileSync(path.join(target, 'files', name)));
  expect(bytes.filter((each) => each.includes('secret-person'))).toEqual([]);
});

test('a damaged, missing or cut content is refused, and nothing is restored', async () => {
  const target = newTarget();
  await publishTo(target);
  const files = namesIn(target, 'files').map((name) => path.join(target, 'files', name));
  const file = files.find((each) => readFileSync(each).length > 1_000)!;
  const whole = readFileSync(file);
  const flipped = Buffer.from(whole);
  flipped[100]! ^= 1;
  for (const bytes of [flipped, whole.subarray(0, 50), undefined]) {
    if (bytes === undefined) rmSync(file);
    else writeFileSync(file, bytes);
    const folder = newRoot();
    await expect(restore(folder, target)).rejects.toMatchObject({ code: 'backup-unusable' });
    expect(existsSync(folder)).toBe(false);
  }
  // Publishing again makes it whole.
  writeFileSync(file, whole.subarray(0, 50));
  await publishTo(target);
  await restore(newRoot(), target);
});

test('leftovers of a killed publication are deleted, and a running one is not disturbed', async () => {
  const target = newTarget();
  await publishTo(target);
  mkdirSync(path.join(target, '.staging.4194305.partial'));
  for (const name of ['LATEST.json', 'generations/000000000000001-0.json', 'files/of-no-generation']) {
    writeFileSync(path.join(target, `${name}.4194305.partial`), 'cut off');
  }
  writeFileSync(path.join(target, 'files', 'a'.repeat(64)), 'of a generation that was never named');
  await publishTo(target);
  expect(namesIn(target, 'files')).not.toContain('a'.repeat(64));
  for (const folder of ['.', 'generations', 'files']) {
    expect(namesIn(target, folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  }
  const running = StagingFolder.create(path.join(target, '.staging.'));
  await expect(publishTo(target)).rejects.toMatchObject({ code: 'data-folder-in-use' });
  expect(existsSync(running.path)).toBe(true);
  running[Symbol.dispose]();
  await publishTo(target);
});

test('a publication of no data, and LATEST.json of something else, are refused', async () => {
  const empty = temporaryDataFolder();
  await expect(publishTo(newTarget(), empty)).rejects.toMatchObject({ code: 'data-folder-unusable' });
  const target = newTarget();
  mkdirSync(target);
  for (const text of ['{', '{}', '[]', '{"writer": null, "format": 99, "pinwalk": "9.0.0"}']) {
    writeFileSync(path.join(target, 'LATEST.json'), text);
    await expect(restore(newRoot(), target)).rejects.toMatchObject({ code: 'backup-unusable' });
  }
});
