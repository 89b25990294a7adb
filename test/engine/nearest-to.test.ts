import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearest, nearestTo, quantized, vectorsOf } from '../../engine/index.ts';

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
