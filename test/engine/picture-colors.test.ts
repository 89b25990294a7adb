import { expect, test } from 'vitest';
import { pictureColors } from '../../engine/index.ts';

/** A picture of runs of pixels of one color each. */
function pictureOf(...runs: readonly (readonly [pixels: number, rgb: readonly number[]])[]): Uint8Array {
  return Uint8Array.from(runs.flatMap(([pixels, rgb]) => Array.from({ length: pixels }, () => rgb).flat()));
}

test.each([
  ['black', [20, 10, 30]],
  ['white', [250, 245, 240]],
  ['gray', [128, 125, 130]],
  ['red', [200, 20, 30]],
  ['red', [200, 20, 40]],
  ['orange', [240, 130, 20]],
  ['brown', [110, 65, 25]],
  ['yellow', [240, 220, 40]],
  ['green', [30, 140, 60]],
  ['teal', [20, 150, 150]],
  ['blue', [30, 70, 200]],
  ['purple', [110, 40, 190]],
  ['pink', [240, 80, 170]],
  ['pink', [250, 190, 190]],
])('%s is the name of %j', (name, rgb) => {
  expect(pictureColors(pictureOf([10, rgb]))).toEqual([name]);
});

test('names up to three colors with 15 % of the pixels, most first', () => {
  const [red, blue, white, black, green] = [
    [200, 20, 30],
    [30, 70, 200],
    [255, 255, 255],
    [0, 0, 0],
    [30, 140, 60],
  ] as const;
  expect(pictureColors(pictureOf([15, red], [71, blue], [14, white]))).toEqual(['blue', 'red']);
  expect(pictureColors(pictureOf([25, black], [25, red], [25, green], [25, blue]))).toHaveLength(3);
  expect(pictureColors(new Uint8Array(0))).toEqual([]);
});
