import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TopPins, correctHubs } from '../../engine/index.ts';

const scored = fc.uniqueArray(fc.record({ pin: fc.nat(1_000), score: fc.integer({ min: -5, max: 5 }) }), {
  selector: ({ pin }) => pin,
});

test('TopPins keeps the first k of a full sort: by score, ties to the smaller index', () => {
  fc.assert(
    fc.property(scored, fc.integer({ min: 1, max: 20 }), (pins, k) => {
      const top = new TopPins(k);
      for (const { pin, score } of pins) top.offer(pin, score);
      const sorted = pins.toSorted((a, b) => b.score - a.score || a.pin - b.pin);
      expect(top.least).toBe(sorted[k - 1]?.score ?? -Infinity);
      expect(top.drain()).toEqual(sorted.slice(0, k));
      expect(top.drain()).toEqual([]);
    }),
  );
});

test.each([0, -1, 1.5, NaN])('TopPins rejects k = %d', (k) => {
  expect(() => new TopPins(k)).toThrow(expect.objectContaining({ field: 'k' }));
});

describe('hub correction', () => {
  // PageRank times the number of pins: 1.6 and 0.8.
  const pageRank = Float32Array.of(0.4, 0.2, 0.2, 0.2);
  const ranked = [
    { pin: 0, score: 1 },
    { pin: 1, score: 0.9 },
    { pin: 2, score: -0.5 },
  ];
  test('hub correction demotes hubs if positive, promotes them if negative, and changes nothing at 0', () => {
    expect(correctHubs(ranked, pageRank, 0)).toEqual(ranked);
    const down = correctHubs(ranked, pageRank, 1);
    expect(down.map(({ pin }) => pin)).toEqual([1, 0, 2]);
    expect(down.map(({ score }) => score)).toEqual(
      [0.9 / 0.8, 1 / 1.6, -0.5 * 0.8].map((x) => expect.closeTo(x, 6)),
    );
    expect(correctHubs(ranked, pageRank, -1)[0]).toEqual({ pin: 0, score: expect.closeTo(1.6, 6) });
  });
  test('hub correction treats a pin newer than the PageRank as mean, and rejects strengths beyond 1', () => {
    expect(correctHubs([{ pin: 9, score: 2 }], pageRank, 1)).toEqual([{ pin: 9, score: 2 }]);
    const withNewPin = [
      { pin: 1, score: 1 },
      { pin: 12, score: 1 },
    ];
    expect(correctHubs(withNewPin, Float32Array.of(0.25, 0.75), 1)).toEqual([
      { pin: 12, score: 1 },
      { pin: 1, score: 1 / 1.5 },
    ]);
    expect(() => correctHubs(ranked, pageRank, 1.1)).toThrow(/hubCorrection/);
    expect(() => correctHubs(ranked, pageRank, NaN)).toThrow(/hubCorrection/);
  });
});
