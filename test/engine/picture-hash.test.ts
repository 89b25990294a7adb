import { describe, expect, test } from 'vitest';
import { groupPictures, nextBelow, pictureHash, pictureSize, randomStream } from '../../engine/index.ts';

/** A picture of 9 × 9 blocks of one level each. */
function pictureOf(levelOf: (block: number) => number): Uint8Array {
  return Uint8Array.from({ length: pictureSize ** 2 }, (_, i) => {
    const [x, y] = [i % pictureSize, Math.floor(i / pictureSize)];
    return levelOf(9 * Math.floor(y / 8) + Math.floor(x / 8));
  });
}

const ramp = pictureOf((block) => 3 * block);

/** A hash with some bits flipped. */
function flipped(hash: Uint32Array, bits: readonly number[]): Uint32Array {
  const copy = hash.slice();
  for (const bit of bits) copy[bit >>> 5]! ^= 1 << (bit & 31);
  return copy;
}

const randomHash = (seed: number): Uint32Array => {
  const stream = randomStream(seed);
  return Uint32Array.from({ length: 4 }, () => nextBelow(stream, 2 ** 32));
};

describe('the hash of a picture', () => {
  test('has a bit for each pixel that is darker than that on the right, and than that below', () => {
    expect(pictureHash(ramp)).toEqual(new Uint32Array(4).fill(0xffff_ffff));
    expect(pictureHash(ramp.toReversed())).toEqual(new Uint32Array(4));
    const stripes = pictureOf((block) => ((block % 9) % 2 === 0 ? 0 : 200));
    expect(pictureHash(stripes)).toEqual(Uint32Array.of(0x5555_5555, 0x5555_5555, 0, 0));
  });

  test('stays with brightness, and is missing for a picture of nearly one gray', () => {
    expect(pictureHash(ramp.map((level) => level + 15))).toEqual(pictureHash(ramp));
    expect(pictureHash(pictureOf(() => 120))).toBeUndefined();
    expect(pictureHash(pictureOf((block) => 120 + (block % 3)))).toBeUndefined();
  });
});

describe('groups of pictures', () => {
  test('have what differs in few bits, wherever these are, and nothing else', () => {
    const [a, b] = [randomHash(1), randomHash(2)];
    const eightBits = Array.from({ length: 8 }, (_, i) => 16 * i + 3);
    const groups = groupPictures(
      [a, b, flipped(a, eightBits), flipped(b, [127]), flipped(a, [...eightBits, 0])],
      8,
    );
    expect([...groups]).toEqual([0, 1, 0, 1, 4]);
  });

  test('are not joined by a chain of small changes, and a picture joins the nearest', () => {
    const a = randomHash(3);
    const b = flipped(a, [0, 1, 2, 3, 4, 5]);
    const c = flipped(b, [6, 7, 8, 9, 10, 11]);
    expect([...groupPictures([a, b, c], 8)]).toEqual([0, 0, 2]);
    expect([...groupPictures([a, c, flipped(c, [0, 40])], 8)]).toEqual([0, 1, 1]);
  });

  test('equal a comparison of all pairs', () => {
    const hashes = Array.from({ length: 120 }, (_, i) => {
      const stream = randomStream(9, i);
      return flipped(
        randomHash(i % 15),
        Array.from({ length: nextBelow(stream, 12) }, () => nextBelow(stream, 128)),
      );
    });
    const distance = (a: Uint32Array, b: Uint32Array): number =>
      a.reduce((sum, word, i) => sum + ((word ^ b[i]!) >>> 0).toString(2).replaceAll('0', '').length, 0);
    const expected: number[] = [];
    for (const [i, hash] of hashes.entries()) {
      const near = [...new Set(expected)]
        .map((other) => ({ other, apart: distance(hash, hashes[other]!) }))
        .filter(({ apart }) => apart <= 8)
        .toSorted((x, y) => x.apart - y.apart || x.other - y.other);
      expected.push(near[0]?.other ?? i);
    }
    expect([...groupPictures(hashes, 8)]).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(15);
  });
});
