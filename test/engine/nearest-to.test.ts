import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  Dots,
  createVectors,
  nearest,
  nearestTo,
  nextUnit,
  quantized,
  randomStream,
  vectorsOf,
} from '../../engine/index.ts';

const coordinate = fc.integer({ min: -100, max: 100 });
const dims = 5;
const anyVectors = fc.array(
  fc.array(coordinate, { minLength: dims, maxLength: dims }).filter((each) => each.some((x) => x !== 0)),
  { minLength: 2, maxLength: 20 },
);

test('finds the same vectors as a search by index', () => {
  fc.assert(
    fc.property(anyVectors, (given) => {
      const values = new Int8Array(new SharedArrayBuffer(given.length * dims));
      for (const [i, each] of given.entries()) values.set(quantized(each), i * dims);
      const vectors = vectorsOf(values, dims);
      const [expected] = nearest(vectors, Int32Array.of(0), 3);
      const found = nearestTo(vectors, values.subarray(0, dims), 3, (each) => each !== 0);
      expect(found.map(({ score }) => score)).toEqual(expected!.map(({ score }) => expect.closeTo(score, 9)));
    }),
  );
});

test('products by SIMD give the same lists, for dimensions that it takes and others, in blocks that are full and not', () => {
  const dots = new Dots();
  const random = randomStream(7);
  for (const [width, count] of [
    [16, 5_000],
    [144, 4_097],
    [40, 2_000],
    [16, 100],
  ] as const) {
    // prettier-ignore
    const flat = Float32Array.from({ length: width * count }, () => 2 * nextUnit(random) - 1);
    // The largest products that there are.
    flat.fill(1, 0, width).fill(-1, width, 2 * width);
    const vectors = createVectors(flat, width, 'int8');
    expect(Dots.canTake(vectors)).toBe(width % 16 === 0 && count > 100);
    const isCandidate = (vector: number): boolean => vector % 3 !== 1;
    const queries = Int32Array.of(0, 1, count - 1);
    const lists = nearest(vectors, queries, 20, isCandidate, dots);
    expect(lists).toEqual(nearest(vectors, queries, 20, isCandidate));
    for (const vector of queries) {
      const query = vectors.values.slice(vector * width, (vector + 1) * width);
      expect(nearestTo(vectors, query, 20, undefined, dots)).toEqual(nearestTo(vectors, query, 20));
    }
  }
});

test.each([
  [[], 'has 0 dimensions'],
  [[1, NaN], 'not a finite number, at 1'],
  [[Infinity, 1], 'not a finite number, at 0'],
  [[0, 0], 'has length 0'],
  [Array<number>(4097).fill(1), 'has 4097 dimensions'],
])('refuses the vector %#', (vector, fault) => {
  expect(() => quantized(vector)).toThrow(fault);
});

test('a query of other dimensions is refused; the smallest and largest numbers are not', () => {
  const vectors = vectorsOf(new Int8Array(new SharedArrayBuffer(4)).fill(1), 2);
  expect(() => nearestTo(vectors, Int8Array.of(1), 1)).toThrow('has 1 dimensions instead of 2');
  expect([...quantized([5e-324, 0])]).toEqual([127, 0]);
  expect([...quantized([1e308, -1e308])]).toEqual([127, -127]);
});
