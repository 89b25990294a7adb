import { expect, test } from 'vitest';
import { type TextIndex, nextBelow, nextUnit, presetWeights, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  type Interaction,
  buildSearchIndex,
  buildSnapshot,
  importFiles,
  loadSnapshot,
} from '../../graph-data/index.ts';
import { writeInteractions } from '../click-log.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

const words = 40;
const pinsOfWord = 10;
const popularOfWord = 4;
const at = Date.UTC(2026, 9, 1);

const titled = (word: number): string => `colour${word}`;
const isPopular = (pin: number): boolean => pin % pinsOfWord < popularOfWord;

/**
 * Ten pins with each word, of which the unpopular ones have it more often. With `boards`, a board of the popular ones is called
 * by the word.
 */
async function corpus(boards: boolean): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  const pins = Array.from({ length: words * pinsOfWord }, (_, pin) => pin);
  const wordOf = (pin: number): number => Math.floor(pin / pinsOfWord);
  await importSaves(folder, [
    ...pins.map((pin) => `u all p${pin}`),
    ...pins.filter(isPopular).flatMap((pin) => [1, 2, 3].map((i) => `u${i} liked${i} p${pin}`)),
    ...(boards ? pins.filter(isPopular).map((pin) => `u named${wordOf(pin)} p${pin}`) : []),
  ]);
  const rows = pins.map((pin) => ({
    pin: `p${pin}`,
    title: `${titled(wordOf(pin))} item${pin}`,
    text: `${isPopular(pin) ? 'nothing' : titled(wordOf(pin))} `.repeat(6),
  }));
  const names = Array.from({ length: words }, (_, word) => ({ board: `named${word}`, title: titled(word) }));
  const write = (name: string, of: readonly object[]): string =>
    writeInput(folder, name, of.map((row) => JSON.stringify(row)).join('\n'));
  await importFiles(folder, [write('pins.jsonl', rows), ...(boards ? [write('boards.jsonl', names)] : [])]);
  return folder;
}

async function indexOf(folder: DataFolder, randomArm?: string): Promise<TextIndex> {
  const { version } = await buildSnapshot(folder, () => 0);
  return (await buildSearchIndex(folder, loadSnapshot(folder, version).graph, randomArm))!;
}

test('titles of boards tell how much popularity counts, and the same rows give the same weights', async () => {
  const folder = await corpus(true);
  const { signalWeights } = await indexOf(folder);
  expect(signalWeights!.popularity).toBe(0.3);
  expect((await indexOf(folder)).signalWeights).toEqual(signalWeights);
});

test('without labels, weights are the preset ones', async () => {
  expect((await indexOf(await corpus(false))).signalWeights).toEqual(presetWeights);
});

/** Lists of ten, by words alone or shuffled; people look at the first places most, and click what is popular. */
function clicks(lists: number): Interaction[] {
  const stream = randomStream(3);
  const rows: Interaction[] = [];
  for (let list = 0; list < lists; list++) {
    const word = nextBelow(stream, words);
    const isShuffled = list % 3 === 0;
    const left = Array.from({ length: pinsOfWord }, (_, i) => pinsOfWord * word + pinsOfWord - 1 - i);
    const of = {
      user: `person${list % 50}`,
      recommendationId: `s${list}`,
      surface: 'search',
      query: titled(word),
      arm: isShuffled ? 'shuffled' : 'ranked',
      at: at + list * 1_000,
    };
    for (let rank = 1; rank <= pinsOfWord; rank++) {
      const [pin] = left.splice(isShuffled ? nextBelow(stream, left.length) : 0, 1);
      rows.push({ ...of, kind: 'impression', pin: `p${pin}`, rank });
      if (nextUnit(stream) < (isPopular(pin!) ? 0.9 : 0.5) / rank)
        rows.push({ ...of, kind: 'click', pin: `p${pin}` });
    }
  }
  return rows;
}

test('clicks tell it too, only with an arm of lists in random order and enough of them', async () => {
  const folder = await corpus(false);
  writeInteractions(folder, clicks(60));
  expect((await indexOf(folder, 'shuffled')).signalWeights).toEqual(presetWeights);
  writeInteractions(folder, clicks(900));
  expect((await indexOf(folder)).signalWeights).toEqual(presetWeights);
  expect((await indexOf(folder, 'nobody')).signalWeights).toEqual(presetWeights);
  expect((await indexOf(folder, 'shuffled')).signalWeights!.popularity).toBe(0.3);
});
