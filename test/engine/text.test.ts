import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NearestRows, type SparseRows, lsa, tfIdf, tokenize } from '../../engine/index.ts';

describe('tokenize', () => {
  test.each([
    ['Hello, WORLD! 2 cafés', ['hello', 'world', '2', 'cafés']],
    ['cafe\u0301 ﬁne', ['café', 'fine']],
    ['東京都庁', ['東京', '京都', '都庁']],
    ['木', ['木']],
    ['Tokyo東京 iPhone', ['tokyo', '東京', 'iphone']],
    ['مرحبا بالعالم', ['مرحبا', 'بالعالم']],
    ['한국어 문서', ['한국어', '문서']],
    ['😀 a\u0000b\u200f 👩‍👩‍👧', ['a', 'b']],
    ['', []],
  ])('the words of %j', (text, words) => {
    expect(tokenize(text)).toEqual(words);
  });

  test('a word inside a run of Chinese, Japanese or Thai is found by its tokens', () => {
    for (const [run, word] of [
      ['我喜欢北京烤鸭', '北京'],
      ['カメラレンズ', 'レンズ'],
      ['ฉันรักแมว', 'แมว'],
    ]) {
      const tokens = tokenize(run!);
      expect(tokenize(word!).every((token) => tokens.includes(token))).toBe(true);
    }
  });

  test('no text throws or gives empty words, and tokens are stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const tokens = tokenize(text);
        expect(tokens.every((token) => token.length > 0)).toBe(true);
        expect(tokenize(text)).toEqual(tokens);
      }),
    );
  });
});

/** Documents of up to eight terms from ten. */
const someDocuments = fc.array(fc.array(fc.integer({ min: 0, max: 9 }).map(String), { maxLength: 8 }), {
  minLength: 2,
  maxLength: 20,
});

function dense({ starts, columns, values, columnCount }: SparseRows): number[][] {
  return Array.from({ length: starts.length - 1 }, (_, row) => {
    const cells = Array<number>(columnCount).fill(0);
    for (let at = starts[row]!; at < starts[row + 1]!; at++) cells[columns[at]!] = values[at]!;
    return cells;
  });
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

describe('tfIdf', () => {
  test('weighs by count and rarity, and leaves out terms of one document and of all', () => {
    const rows = tfIdf(
      [
        ['all', 'a', 'a', 'b'],
        ['all', 'a'],
        ['all', 'b'],
        ['all', 'once'],
      ],
      2,
    );
    const [a, b] = [(1 + Math.log(2)) * Math.log(2), Math.log(2)];
    expect(rows.columnCount).toBe(2);
    expect(dense(rows)[0]![0]).toBeCloseTo(a / Math.hypot(a, b), 12);
    expect(dense(rows).slice(1)).toEqual([
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
  });

  test('rows have length 1, or none', () => {
    fc.assert(
      fc.property(someDocuments, (documents) => {
        for (const row of dense(tfIdf(documents, 1))) {
          expect(dot(row, row)).toBeCloseTo(row.some((value) => value !== 0) ? 1 : 0, 12);
        }
      }),
    );
  });
});

test('the nearest rows are those of a scan of all pairs', () => {
  fc.assert(
    fc.property(someDocuments, fc.integer({ min: 1, max: 25 }), (documents, k) => {
      const rows = tfIdf(documents, 1);
      const all = dense(rows);
      const nearest = new NearestRows(rows);
      for (const [row, cells] of all.entries()) {
        const scanned = all
          .map((other, pin) => ({ pin, score: dot(cells, other) }))
          .filter(({ pin, score }) => pin !== row && pin % 3 !== 0 && score > 0)
          .toSorted((x, y) => y.score - x.score);
        const found = nearest.of(row, k, (other) => other % 3 !== 0);
        expect(found).toHaveLength(Math.min(k, scanned.length));
        for (const [i, { pin, score }] of found.entries()) {
          expect(score).toBeCloseTo(scanned[i]!.score, 12);
          expect(score).toBeCloseTo(dot(cells, all[pin]!), 12);
        }
      }
    }),
  );
});

describe('lsa', () => {
  const vectorsOf = (flat: Float32Array, dims: number): Float32Array[] =>
    Array.from({ length: flat.length / dims }, (_, row) => flat.subarray(row * dims, (row + 1) * dims));

  test('with as many dimensions as the rank, dot products are those of the rows', () => {
    fc.assert(
      fc.property(someDocuments, fc.integer({ min: 0, max: 1000 }), (documents, seed) => {
        const rows = tfIdf(documents, 1);
        const vectors = vectorsOf(lsa(rows, 10, seed), 10);
        for (const [i, a] of dense(rows).entries()) {
          for (const [j, b] of dense(rows).entries()) {
            expect(Math.abs(dot(vectors[i]!, vectors[j]!) - dot(a, b))).toBeLessThan(1e-5);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('fewer dimensions hold as much of the matrix as any can, by power iteration', () => {
    // Three groups of documents, of 12, 8 and 5, and noise.
    const documents = Array.from({ length: 25 }, (_, i) => {
      const group = i < 12 ? 'a' : i < 20 ? 'b' : 'c';
      return [`${group}1`, `${group}2`, `${group}${3 + (i % 2)}`, `n${i % 7}`];
    });
    const rows = tfIdf(documents, 1);
    const energy = [...lsa(rows, 3, 1)].reduce((sum, value) => sum + value * value, 0);
    expect(energy).toBeCloseTo(largestEigenvalues(dense(rows), 3), 4);
  });

  test('the same seed gives the same bytes; an empty row is 0', () => {
    const rows = tfIdf([['a', 'b'], ['a', 'c'], [], ['b', 'c']], 1);
    expect(lsa(rows, 2, 7)).toEqual(lsa(rows, 2, 7));
    expect([...lsa(rows, 2, 7).subarray(4, 6)]).toEqual([0, 0]);
    expect(() => lsa(rows, 0, 1)).toThrow('dims');
    expect(() => lsa(rows, 2, 1, 0.5)).toThrow('iterations');
  });
});

/** The sum of the largest eigenvalues of X·Xᵀ, by deflation. */
function largestEigenvalues(matrix: readonly number[][], count: number): number {
  const gram = matrix.map((a) => matrix.map((b) => dot(a, b)));
  let sum = 0;
  for (let found = 0; found < count; found++) {
    let vector = gram.map((_, i) => 1 + i / 10);
    let value = 0;
    for (let step = 0; step < 2_000; step++) {
      const next = gram.map((row) => dot(row, vector));
      value = Math.sqrt(dot(next, next));
      vector = next.map((each) => each / value);
    }
    sum += value;
    for (const [i, row] of gram.entries()) {
      for (const j of row.keys()) row[j]! -= value * vector[i]! * vector[j]!;
    }
  }
  return sum;
}
