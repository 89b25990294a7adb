import { expect, test } from 'vitest';
import { type TextIndex, nextBelow, nextUnit, presetWeights, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  type Interaction,
  buildSearchIndex,
  buildSnapshot,
  loadSnapshot,
} from '../../graph-data/index.ts';
import { writeInteractions } from '../click-log.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { fillLabelled, isPopular, pinsOfWord, titled, words } from '../labelled-corpus.ts';

const at = Date.UTC(2026, 9, 1);

async function corpus(boards: boolean): Promise<DataFolder> {
  const folder = temporaryDataFolder();
  await fillLabelled(folder, boards);
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
