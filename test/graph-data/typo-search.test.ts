import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Store, TypoSearch, importFiles } from '../../graph-data/index.ts';
import { findNear } from '../../graph-data/database/near-texts.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

const noPause = async (): Promise<void> => {};
const byCodePoint = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Restricted Damerau–Levenshtein distance, by its definition. */
function distance(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const isSwapped =
      i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
        ? at(i - 2, j - 2) + 1
        : 9;
    const isSame = left[i - 1] === right[j - 1];
    return Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + Number(!isSame), isSwapped);
  };
  return at(left.length, right.length);
}

/** Look-ups in a sorted list, as an index answers them; counted. */
function lookUps(texts: readonly string[]) {
  const sorted = [...new Set(texts)].toSorted(byCodePoint);
  const counted = {
    count: 0,
    seek: (from: string) => (counted.count++, sorted.find((text) => byCodePoint(text, from) >= 0)),
  };
  return counted;
}

describe('findNear', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é', '😀', '\0'), maxLength: 6 });

  test('findNear finds exactly the texts one edit away, and the shortest beginnings that are', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.array(text, { maxLength: 30 }), async (typed, texts) => {
        const { whole, prefixes } = await findNear(typed, lookUps(texts).seek, Infinity, noPause);
        const wanted = new Set(texts.filter((each) => typed !== '' && distance(typed, each) <= 1));
        expect(whole.toSorted(byCodePoint)).toEqual([...wanted].toSorted(byCodePoint));
        const beginnings = texts.flatMap((each) => {
          const letters = Array.from(each);
          const lengths = letters.map((_, i) => letters.slice(0, i + 1).join(''));
          return lengths.find((start) => typed !== '' && distance(typed, start) <= 1) ?? [];
        });
        expect(prefixes.toSorted(byCodePoint)).toEqual([...new Set(beginnings)].toSorted(byCodePoint));
      }),
      { numRuns: 1_000 },
    );
  });

  test('findNear reads a small part of the texts, ends at its limit, and pauses', async () => {
    const texts = Array.from({ length: 20_000 }, (_, i) => `${(i * 7919) % 20_011}`.padStart(5, '0') + i);
    const counted = lookUps(texts);
    let pauses = 0;
    const { whole } = await findNear(
      texts[77]!.replace('7', '8'),
      counted.seek,
      Infinity,
      async () => void pauses++,
    );
    expect(whole).toContain(texts[77]);
    expect(counted.count).toBeLessThan(1_000);
    expect(pauses).toBe(Math.floor(counted.count / 250));
    const short = lookUps(texts);
    await findNear('00000', short.seek, 10, noPause);
    expect(short.count).toBe(10);
  });
});

describe('TypoSearch', () => {
  test('words one edit away become queries, for words of four letters or more', async () => {
    const folder = temporaryDataFolder();
    await importFiles(folder, [writeInput(folder, 'pins.csv', 'pin,title\n1,Toy Story\n2,Crème brûlée\n')]);
    const store = Store.open(folder);
    const typos = new TypoSearch(store.database);
    expect(await typos.wordQueries('Toy stroy', noPause)).toEqual(['("toy")', '("stroy" OR "story")']);
    expect(await typos.wordQueries('creme brulle', noPause)).toEqual(['("creme")', '("brulle" OR "brulee")']);
    expect(await typos.wordQueries('toy', noPause)).toBeUndefined();
    expect(await typos.wordQueries('" OR *', noPause)).toBeUndefined();
    let pauses = 0;
    // Its look-ups are too few to pause among those of one word.
    await typos.wordQueries('stroy brulee stroy brulee', async () => void pauses++);
    expect(pauses).toBe(4);
    store.close();
  });

  test('a text that is no Unicode text, or too short, is near nothing', async () => {
    const folder = temporaryDataFolder();
    await importSaves(folder, ['ann board1 abc', 'ann board1 abcd']);
    const store = Store.open(folder);
    const typos = new TypoSearch(store.database);
    expect(await typos.keys('pins', 'abd', noPause)).toEqual({ whole: [], prefixes: [] });
    expect(await typos.keys('pins', 'abc\uD800', noPause)).toEqual({ whole: [], prefixes: [] });
    expect((await typos.keys('pins', 'abce', noPause)).whole).toEqual(['abc', 'abcd']);
    store.close();
  });
});
