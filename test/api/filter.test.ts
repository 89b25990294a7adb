import { describe, expect, test } from 'vitest';
import { compileFilter } from '../../api/recommend/compile-filter.ts';
import { type Filter } from '../../api/index.ts';
import type { NodeRow } from '../../graph-data/index.ts';

const row: NodeRow = {
  key: 'p',
  title: 'Pesto',
  text: null,
  url: null,
  imageUrl: null,
  attributes: { price: 12, language: 'en', tags: ['green', 'sauce'], vegan: false, title: 'hidden' },
  createdAt: 1_500,
};

describe('a filter', () => {
  test.each<[Filter, boolean]>([
    [{}, true],
    [{ language: 'en' }, true],
    [{ language: 'de' }, false],
    [{ vegan: false }, true],
    [{ vegan: true }, false],
    [{ price: '12' }, false],
    [{ price: { lt: 12 } }, false],
    [{ price: { lte: 12 } }, true],
    [{ price: { gt: 11, lt: 13 } }, true],
    [{ price: { gte: 12.5 } }, false],
    [{ price: { lt: 'z' } }, false],
    [{ language: { gt: 'de', lt: 'fr' } }, true],
    [{ tags: 'green' }, true],
    [{ tags: 'blue' }, false],
    [{ tags: { in: ['blue', 'sauce'] } }, true],
    [{ tags: { not: 'sauce' } }, false],
    [{ language: { in: ['de', 'fr'] } }, false],
    [{ language: { not: 'de' } }, true],
    [{ missing: { not: 'de' } }, true],
    [{ missing: 'de' }, false],
    [{ missing: { lt: 5 } }, false],
    [{ missing: { exists: false } }, true],
    [{ price: { exists: true } }, true],
    [{ text: { exists: true } }, false],
    [{ createdAt: { gte: 1_500 } }, true],
    // A column of pinwalk's own comes before an attribute of the same name.
    [{ title: 'Pesto' }, true],
    [{ title: 'hidden' }, false],
    [{ language: 'en', price: { gt: 20 } }, false],
    [{ constructor: { exists: true } }, false],
  ])('the filter %j returns %s', (filter, passes) => {
    expect(compileFilter(filter)(row)).toBe(passes);
  });
});
