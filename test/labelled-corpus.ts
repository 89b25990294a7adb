import { type DataFolder, importFiles } from '../graph-data/index.ts';
import { importSaves, writeInput } from './data-folders.ts';

export const words = 40;
export const pinsOfWord = 10;
const popularOfWord = 4;

export const titled = (word: number): string => `colour${word}`;
export const isPopular = (pin: number): boolean => pin % pinsOfWord < popularOfWord;

/**
 * Ten pins with each word, of which the unpopular ones have it more often. With `boards`, a board of the popular ones is called
 * by the word.
 */
export async function fillLabelled(folder: DataFolder, boards: boolean): Promise<void> {
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
}
