import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopPins } from '../../engine/index.ts';

const scored = fc.uniqueArray(fc.record({ pin: fc.nat(1_000), score: fc.integer({ min: -5, max: 5 }) }), {
  selector: ({ pin }) => pin,
});

test('the top pins are those of a full sort: by score, ties by smaller index', () => {
  fc.assert(
    fc.property(scored, fc.integer({ min: 1, max: 20 }), (pins, k) => {
      const top = new TopPins(k);
      for (const { pin, score } of pins) top.offer(pin, score);
      const sorted = pins.toSorted((a, b) => b.score - a.score || a.pin - b.pin);
      expect(top.drain()).toEqual(sorted.slice(0, k));
      expect(top.drain()).toEqual([]);
    }),
  );
});

test.each([0, -1, 1.5, NaN])('refuses k = %d', (k) => {
  expect(() => new TopPins(k)).toThrow(expect.objectContaining({ field: 'k' }));
});
