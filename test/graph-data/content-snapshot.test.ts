import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  type PinContent,
  NearestRows,
  contentBuildParams,
  degreeOf,
  linksBySource,
  resolveParams,
  wordAt,
} from '../../engine/index.ts';
import {
  type DataFolder,
  type LoadedSnapshot,
  Store,
  activateSnapshot,
  buildSnapshot,
  contentOfBuild,
  estimateBuild,
  loadSnapshot,
} from '../../graph-data/index.ts';
import { snapshotFile } from '../../graph-data/snapshot/snapshot-file.ts';
import { fillWithTexts, putPin, write } from '../content-folder.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

const params = resolveParams(contentBuildParams, {});

async function built(folder: DataFolder, given: Partial<typeof params> = {}): Promise<LoadedSnapshot> {
  const content = { ...params, ...given };
  return loadSnapshot(folder, (await buildSnapshot(folder, () => 0, { content })).version);
}

async function filled(): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  await fillWithTexts(folder);
  return folder;
}

/** Keys of the pins near one, with their weights, best first. */
function near(folder: DataFolder, { near: lists }: PinContent, key: string): [string, number][] {
  const store = Store.open(folder);
  const pin = store.indexOf('pins', key)!;
  const list = Array.from(lists.pins.subarray(lists.starts[pin], lists.starts[pin + 1]), (other, i) => {
    return [store.keyAt('pins', other)!, lists.weights[lists.starts[pin]! + i]!] as [string, number];
  });
  store.close();
  return list;
}

test('a build with content stores the words of pins and the nearest of each, in shared memory', async () => {
  const folder = await filled();
  const { content, graph, header } = await built(folder);
  const words = Array.from({ length: content!.rows.columnCount }, (_, i) => wordAt(content!.words, i));
  expect(words).toEqual(expect.arrayContaining(['space', 'film', 'tomato', 'fresh', 'basil']));
  expect(near(folder, content!, 'gravity')[0]![0]).toBe('alien');
  expect(near(folder, content!, 'salad').map(([key]) => key)).toEqual(expect.arrayContaining(['soup', 'pesto', 'pasta'])); // prettier-ignore
  expect(near(folder, content!, 'salad').map(([key]) => key)).not.toContain('alien');
  expect(near(folder, content!, 'mute')).toEqual([]);
  expect(content!.links).toEqual(linksBySource(content!.near));
  const gravity = Array.from(content!.near.starts).findIndex((_, pin) => degreeOf(graph.pinToBoard, pin) === 0); // prettier-ignore
  expect(near(folder, content!, 'gravity').map(([, weight]) => weight).reduce((a, b) => a + b, 0)).toBeLessThan(1); // prettier-ignore
  expect(new NearestRows(content!.rows).of(gravity, 1, () => true)).toHaveLength(1);
  for (const array of [content!.near.pins, content!.rows.values, content!.words.bytes]) {
    expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
  }
  expect(header.options.content).toMatchObject({ ...params, words: words.length });
});

test('equal rows give equal bytes, and the next build compares texts as well', async () => {
  const folder = await filled();
  const { version } = await built(folder);
  expect((await built(folder)).version).toBe(version);
  expect((await built(folder, { prior: 1 })).version).not.toBe(version);
  activateSnapshot(folder, version);
  expect(contentOfBuild(folder)).toEqual(params);
  expect(contentOfBuild(folder, null)).toBeUndefined();
  expect((await buildSnapshot(folder, () => 0, {})).version).not.toBe(version);
});

test('pins with many saves get no neighbors, and the estimate is no less than the file', async () => {
  const folder = await filled();
  const { content, header } = await built(folder, { savesMax: 0 });
  expect(near(folder, content!, 'alien')).toEqual([]);
  expect(near(folder, content!, 'gravity').length).toBeGreaterThan(0);
  const { snapshotBytes } = estimateBuild(header.counts, { content: params });
  const { bytes } = await buildSnapshot(folder, () => 0, { content: params });
  expect(snapshotBytes).toBeGreaterThanOrEqual(bytes);
});

test('titles of boards are text of their pins', async () => {
  const folder = await filled();
  write(folder, [
    { kind: 'put', nodeKind: 'boards', key: 'ann-films', title: 'Weightless' },
    putPin('orbit', { title: 'Weightless' }),
  ]);
  expect(near(folder, (await built(folder)).content!, 'orbit').map(([key]) => key)).toEqual(expect.arrayContaining(['alien', 'aliens', 'solaris'])); // prettier-ignore
  expect(near(folder, (await built(folder, { boardTitles: 0 })).content!, 'orbit')).toEqual([]);
});

test('without texts, a build with content stores and loads as much as one without', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato']);
  const { content, version } = await built(folder);
  expect(content).toBeUndefined();
  const plain = await buildSnapshot(folder, () => 0, {});
  const sizeOf = (each: string): number => statSync(snapshotFile(folder, each)).size;
  expect(sizeOf(version)).toBe(sizeOf(plain.version));
});

test('refuses a snapshot with one flipped byte in its content', async () => {
  const folder = await filled();
  const { version, header } = await built(folder);
  const file = snapshotFile(folder, version);
  const { offset } = header.sections.find(({ name }) => name === 'content.words')!;
  const bytes = readFileSync(file);
  bytes[offset]! ^= 1;
  writeFileSync(file, bytes);
  expect(() => loadSnapshot(folder, version)).toThrow('content.words');
});

test('texts in any script, with control characters and of megabytes, are read', async () => {
  const folder = await filled();
  write(folder, [
    putPin('long', { title: 'long', text: `${'filler '.repeat(300_000)}space` }),
    putPin('東京', { title: '東京タワーの夜景' }),
    putPin('夜', { title: '夜景と東京' }),
    putPin('rtl', { title: 'קפה שחור\u0000\u202e', attributes: { tags: 'קפה' } }),
    putPin('rtl2', { title: 'קפה' }),
    putPin('odd', { attributes: { tags: [1, null, { a: 'space' }], genres: {}, keywords: '[broken' } }),
    putPin('emoji', { title: '🎬🍝' }),
  ]);
  const { content } = await built(folder);
  expect(near(folder, content!, '夜').map(([key]) => key)).toEqual(['東京']);
  expect(near(folder, content!, 'rtl2').map(([key]) => key)).toEqual(['rtl']);
  expect(near(folder, content!, 'emoji')).toEqual([]);
});
