import { expect, test } from 'vitest';
import { TextSearches } from '../../engine/index.ts';
import {
  type SearchIndex,
  buildSearchIndex,
  buildSnapshot,
  importFiles,
  loadSnapshot,
  readQuery,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

const noPause = async (): Promise<void> => {};

async function indexOf(
  pins: readonly object[],
  boards: readonly object[] = [],
): Promise<{ index: SearchIndex | undefined; keys: readonly string[] }> {
  const folder = temporaryDataFolder();
  const saves = pins.map((pin, i) => `u b${i % 3} ${(pin as { pin: string }).pin}`);
  await importSaves(folder, saves);
  const write = (name: string, rows: readonly object[]): string =>
    writeInput(folder, name, rows.map((row) => JSON.stringify(row)).join('\n'));
  const files = [write('pins.jsonl', pins), ...(boards.length > 0 ? [write('boards.jsonl', boards)] : [])];
  await importFiles(folder, files);
  const { version } = await buildSnapshot(folder, () => 0);
  const { graph } = loadSnapshot(folder, version);
  return {
    index: await buildSearchIndex(folder, graph),
    keys: pins.map((pin) => (pin as { pin: string }).pin),
  };
}

async function find(index: SearchIndex, text: string): Promise<{ pins: number[]; corrections: object }> {
  const { terms, corrections } = await readQuery(index, text, noPause);
  const run = new TextSearches().run(index, terms);
  let step = run.next();
  while (step.done !== true) step = run.next();
  const pins = step.value.toSorted((a, b) => b.words - a.words || a.pin - b.pin).map(({ pin }) => pin);
  return { pins, corrections: Object.fromEntries(corrections) };
}

test('finds pins by stems, prefixes, typos, tags and titles of boards, in any script', async () => {
  const { index } = await indexOf(
    [
      { pin: '0', title: 'Wings of a glider', text: `far below ${'padding '.repeat(5_000)}` },
      { pin: '1', title: '東京都の写真' },
      { pin: '2', title: 'مرحبا بالعالم' },
      { pin: '3', title: 'Crème brûlée 😀\u0000\u202e' },
      { pin: '4', tags: ['slow cooking', 'bread'] },
      { pin: '5', title: 'plain' },
    ],
    [{ board: 'b2', title: 'Weekend baking' }],
  );
  const one = async (text: string): Promise<number[]> => (await find(index!, text)).pins;
  expect(await one('wing')).toEqual([0]);
  expect(await one('gliders')).toEqual([0]);
  expect(await one('below')).toEqual([0]);
  expect(await one('京都')).toEqual([1]);
  expect(await one('写真')).toEqual([1]);
  expect(await one('بالعالم')).toEqual([2]);
  expect(await one('creme brulee')).toEqual([3]);
  expect(await one('cook')).toEqual([4]);
  expect(await one('bre')).toEqual([4]);
  expect(await one('baking')).toEqual([2, 5]);
  expect(await find(index!, 'glidre')).toEqual({ pins: [0], corrections: { glidre: ['glider'] } });
  expect(await one('😀')).toEqual([]);
  expect(await one('\u0000 \ud800')).toEqual([]);
  expect(await one('nothing')).toEqual([]);
});

test('there is no index where nothing is written', async () => {
  const { index } = await indexOf([{ pin: 'a' }, { pin: 'b' }]);
  expect(index).toBeUndefined();
});
