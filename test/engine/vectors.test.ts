import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVectors, nearest } from '../../engine/index.ts';
import { numberIn } from '../scores.ts';

const someVectors = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 }))
  .chain(([dims, count]) =>
    fc.tuple(
      fc.constant(dims),
      fc.array(fc.array(numberIn(0.001, 5), { minLength: dims, maxLength: dims }), {
        minLength: count,
        maxLength: count,
      }),
      fc.integer(),
    ),
  )
  .map(([dims, rows, signs]) => ({
    dims,
    flat: Float32Array.from(rows.flat(), (value, i) => ((signs >> (i % 31)) & 1 ? -value : value)),
  }));

/** Cosines in float64, of float32 or of rounded coordinates. */
function cosines({ flat, dims }: { flat: Float32Array; dims: number }, isRounded: boolean): number[][] {
  const rows = Array.from({ length: flat.length / dims }, (_, i) => {
    const row = [...flat.subarray(i * dims, (i + 1) * dims)];
    const largest = Math.max(...row.map(Math.abs));
    return isRounded ? row.map((value) => Math.round((127 / largest) * value)) : row;
  });
  const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return rows.map((a) => rows.map((b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))));
}

test.each(['float32', 'int8'] as const)(
  'nearest neighbors of %s vectors are those of a float64 scan',
  (type) => {
    fc.assert(
      fc.property(someVectors, fc.integer({ min: 1, max: 50 }), ({ dims, flat }, k) => {
        const vectors = createVectors(flat, dims, type);
        const expected = cosines({ flat, dims }, type === 'int8');
        const queries = Int32Array.from(expected.keys());
        const isCandidate = (vector: number): boolean => vector % 4 !== 1;
        for (const [query, list] of nearest(vectors, queries, k, isCandidate).entries()) {
          const scan = expected[query]!.filter((_, other) => other !== query && isCandidate(other)).toSorted(
            (a, b) => b - a,
          );
          expect(list).toHaveLength(Math.min(k, scan.length));
          for (const [i, { pin, score }] of list.entries()) {
            expect(pin).not.toBe(query);
            expect(isCandidate(pin)).toBe(true);
            expect(score).toBeCloseTo(expected[query]![pin]!, 12);
            expect(score).toBeCloseTo(scan[i]!, 12);
          }
        }
      }),
    );
  },
);

test('vectors that span many blocks, with ties to the smaller index', () => {
  const count = 5_000;
  const flat = new Float32Array(16 * count).map((_, i) => (Math.floor(i / 16) % 2 === i % 2 ? 1 : 0));
  const [list] = nearest(createVectors(flat, 16, 'float32'), Int32Array.of(3), 4);
  expect(list).toEqual([1, 5, 7, 9].map((pin) => ({ pin, score: expect.closeTo(1, 12) as number })));
});

test('the length of a vector does not matter', () => {
  fc.assert(
    fc.property(someVectors, ({ dims, flat }) => {
      const pins = (given: Float32Array): number[][] =>
        nearest(createVectors(given, dims, 'int8'), Int32Array.of(0), 5).map((list) =>
          list.map(({ pin }) => pin),
        );
      expect(pins(flat.map((value) => 4 * value))).toEqual(pins(flat));
    }),
  );
});

test.each([
  [[1, NaN], 2, 'vectors: vector 0 has a coordinate that is not a finite number'],
  [[1, 1, 1, Infinity], 2, 'vectors: vector 1 has a coordinate that is not a finite number'],
  [[1, 1, 0, 0], 2, 'vectors: vector 1 has length 0'],
  [[1, 1, 1], 2, 'vectors: 3 coordinates are no multiple of 2 dimensions'],
  [[1], 0, 'dims: 0 is not in [1, 4096]'],
  [[1], 1.5, 'dims: 1.5 is not in [1, 4096]'],
])('refuses %j of %d dimensions', (values, dims, message) => {
  expect(() => createVectors(Float32Array.from(values), dims, 'int8')).toThrow(message);
});

test('refuses a query that is no vector', () => {
  const vectors = createVectors(Float32Array.of(1, 2), 1, 'float32');
  expect(() => nearest(vectors, Int32Array.of(2), 1)).toThrow('queries: 2 is not a vector in [0, 2)');
});
