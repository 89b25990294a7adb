import { expect, test } from 'vitest';
import {
  type TextHit,
  type TextIndex,
  TextIndexBuilder,
  TextSearches,
  findWord,
  firstWordFrom,
  indexedWord,
  wordCount,
} from '../../engine/index.ts';

/** Words that end in s share a term with those that do not. */
const stem = (word: string): string => word.replace(/s$/, '');

function indexOf(
  titles: readonly string[],
  boards: Readonly<Record<number, Record<string, number>>> = {},
): TextIndex {
  const builder = new TextIndexBuilder(stem);
  const counted = (words: readonly string[]): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const term of builder.termsOf(words)) counts.set(term, (counts.get(term) ?? 0) + 1);
    return counts;
  };
  for (const [pin, title] of titles.entries()) {
    const named = Object.entries(boards[pin] ?? {}).map(
      ([word, count]) => [builder.termsOf([word])[0]!, count] as const,
    );
    builder.add(pin, { title: counted(title.split(' ').filter(Boolean)), boards: named });
  }
  return builder.finish(titles.length, 1);
}

function search(index: TextIndex, words: readonly string[]): Map<number, number> {
  const terms = words.map((word) => ({ term: index.termOfWord[findWord(index, word)]!, weight: 1 }));
  const run = new TextSearches().run(index, terms);
  for (let step = run.next(); ; step = run.next()) {
    if (step.done === true) return new Map(step.value.map(({ pin, words: score }) => [pin, score]));
  }
}

test('words are found by binary search in the order of their bytes', () => {
  const index = indexOf(['zebra äpfel', '東京 apple', '\u{1F600}a ﬀ']);
  const words = Array.from({ length: wordCount(index) }, (_, i) => indexedWord(index, i));
  expect(words).toEqual(words.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  for (const [i, word] of words.entries()) expect(findWord(index, word)).toBe(i);
  expect(findWord(index, 'appl')).toBe(-1);
  expect(indexedWord(index, firstWordFrom(index, 'b'))).toBe('zebra');
  expect(firstWordFrom(index, '\u{10FFFF}')).toBe(words.length);
});

test('BM25F: a rare word counts more, a repeated one saturates, a long title dilutes, and words with one stem are one term', () => {
  const index = indexOf(['red wing', 'red', 'wings and red and red', 'red lamp', 'blue']);
  const wing = search(index, ['wing']);
  expect(new Set(wing.keys())).toEqual(new Set([0, 2]));
  expect(wing.get(0)).toBe(1);
  expect(wing.get(2)).toBeLessThan(1);
  const both = search(index, ['red', 'lamp']);
  expect(both.get(3)).toBe(1);
  // `red` alone is in most titles.
  expect(both.get(0)).toBeLessThan(0.5);
  expect(both.has(4)).toBe(false);
});

test('BM25F by hand: one field, two pins', () => {
  const index = indexOf(['cat', 'cat dog']);
  // Average length 1.5; weight 4 / (0.25 + 0.75 · length / 1.5); rarity ln(1 + 0.5 / 2.5); count · 2.5 / (count + 1.5).
  const weight = (length: number): number => {
    const count = 4 / (0.25 + (0.75 * length) / 1.5);
    return (Math.log(1.2) * count * 2.5) / (count + 1.5);
  };
  const start = index.starts[index.termOfWord[findWord(index, 'cat')]!]!;
  expect([...index.pins.subarray(start, start + 2)]).toEqual([0, 1]);
  expect(index.weights[start]).toBeCloseTo(weight(1), 6);
  expect(index.weights[start + 1]).toBeCloseTo(weight(2), 6);
});

test('of titles of boards the share with the word counts more than their number', () => {
  const index = indexOf(['a', 'b', 'c'], {
    0: { garden: 3, kitchen: 1 },
    1: { garden: 4, other: 100, more: 100 },
    2: { kitchen: 1 },
  });
  const garden = search(index, ['garden']);
  expect(garden.get(0)).toBe(1);
  expect(garden.get(1)).toBeLessThan(0.8);
});

test('a pin that shares no word is found by the words that go with it', () => {
  // Halves of one subject: half of the pins have both words, some have one only.
  const titles = Array.from({ length: 400 }, (_, i) => {
    const subject = ['ocean wave', 'engine piston', 'flour butter', 'violin cello'][i % 4]!;
    return i < 8 ? subject.split(' ')[i < 4 ? 0 : 1]! : `${subject} n${i >> 1}`;
  });
  const index = indexOf(titles);
  const find = (hasContent: boolean): TextHit[] => {
    const terms = [{ term: index.termOfWord[findWord(index, 'ocean')]!, weight: 1 }];
    const run = new TextSearches().run(index, terms, hasContent);
    for (let step = run.next(); ; step = run.next()) if (step.done === true) return step.value;
  };
  const contents = new Map(find(true).map(({ pin, content }) => [pin, content]));
  // Pin 4 is `wave` alone, pin 5 `piston`.
  expect(contents.get(4)).toBeGreaterThan(0.5);
  expect(contents.get(5) ?? 0).toBeLessThan(0.3);
  expect(find(false).map(({ pin }) => pin)).not.toContain(4);
  expect(indexOf(titles).vectors!.pins).toEqual(index.vectors!.pins);
});
