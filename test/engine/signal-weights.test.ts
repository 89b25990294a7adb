import { describe, expect, test } from 'vitest';
import { type JudgedSearch, chooseWeights, idealOf, presetWeights } from '../../engine/index.ts';

type Row = readonly [words: number, content: number, popularity: number];

/** The first pin is what the search should find; 15 others have the same signals. */
function search(wanted: Row, others: Row, person?: string): JudgedSearch {
  const pins = Int32Array.from({ length: 16 }, (_, i) => i);
  const signals = Float64Array.from([...wanted, ...Array.from({ length: 15 }, () => others).flat()]);
  return { pins, signals, gains: new Map([[0, 1]]), ideal: idealOf(1), person };
}

/** Found by its related words alone, where these count more than the preset. */
const byContent = search([0.2, 0.7, 0], [1, 0, 0]);
/** Found by its words, where related words count less. */
const byWords = search([1, 0, 0], [0.3, 1, 0]);
/** In the place that it has by words: nothing moves it. */
const same = search([0, 0, 0], [1, 1, 1]);

describe('weights of signals', () => {
  test('count related words where they find relevant pins, and leave them out where they mislead', () => {
    expect(chooseWeights([byContent, same], presetWeights)).toBe(presetWeights);
    expect(chooseWeights([byContent, byContent, byContent, same], presetWeights)).toEqual({
      content: 1.5,
      popularity: 0,
    });
    expect(chooseWeights([byWords, byWords, byWords], presetWeights)).toEqual({ content: 0, popularity: 0 });
    const popular = search([0.8, 0, 1], [1, 0, 0]);
    expect(chooseWeights([popular, popular], { content: 0, popularity: 0 })).toEqual({
      content: 0,
      popularity: 0.3,
    });
  });

  test('are compared on what searches list: no pin with related words alone, where these count 0', () => {
    const related = search([0, 0.5, 1], [0.2, 0, 0]);
    const chosen = chooseWeights([related, related], { content: 0, popularity: 0 });
    expect(chosen).toEqual({ content: 0.25, popularity: 0.1 });
  });

  test('stay without evidence, and where it is within its error', () => {
    expect(chooseWeights([], presetWeights)).toBe(presetWeights);
    expect(chooseWeights([same, same], presetWeights)).toBe(presetWeights);
    expect(chooseWeights([byWords, byContent], presetWeights)).toBe(presetWeights);
  });

  test('count the actions of one person as one piece of evidence', () => {
    const of = (person: string): JudgedSearch[] => Array.from({ length: 8 }, () => ({ ...byWords, person }));
    const quiet = { ...same, person: 'ben' };
    expect(chooseWeights([...of('ann'), quiet], presetWeights)).toBe(presetWeights);
    expect(chooseWeights([...of('ann'), ...of('cat'), ...of('dan'), quiet], presetWeights).content).toBe(0);
  });

  test('weigh a search by its gains: a click far down counts more than one at the top', () => {
    const opposed = { ...byContent, gains: new Map([[0, 4]]) };
    expect(chooseWeights([byWords, byWords, same, same], presetWeights).content).toBe(0);
    const many = Array.from({ length: 9 }, () => opposed);
    expect(chooseWeights([byWords, byWords, ...many], presetWeights).content).toBe(1.5);
  });
});

test('the ideal of a search is that of its first ten', () => {
  expect(idealOf(1)).toBe(1);
  expect(idealOf(2)).toBeCloseTo(1 + 1 / Math.log2(3), 12);
  expect(idealOf(1000)).toBe(idealOf(10));
});
