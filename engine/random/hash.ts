/**
 * 32 bits of a field and an integer from 0 to 2^53, well mixed: the finalizer of MurmurHash3 (Appleby, public domain) on a
 * combination of the three halves.
 */
export function hash53(value: number, field: number): number {
  const high = Math.floor(value / 2 ** 32);
  let hash = Math.imul(field + 1, 0x9e3779b1) ^ Math.imul(value >>> 0, 0x85ebca6b) ^ Math.imul(high + 1, 0xc2b2ae35); // prettier-ignore
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/**
 * The slot of a value of a field: an integer hash of both. `mask`: slots − 1, a power of two less one. Distinct values may share a
 * slot ("hashing trick", Weinberger et al., ICML 2009, doi:10.1145/1553374.1553516). `value`: an integer from 0 to 2^53.
 */
export function slotOf(field: number, value: number, mask: number): number {
  return hash53(value, field) & mask;
}

/** One number below 2^53 for a pair of numbers; two pairs of a million share one with a probability of 5 in 100,000. */
export function pairOf(a: number, b: number): number {
  const low = hash53(a, 1) ^ Math.imul(hash53(b, 2), 0x9e3779b1);
  const high = hash53(b, 3) ^ Math.imul(hash53(a, 4), 0x85ebca6b);
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/**
 * The number of a key, below 2^53, which depends on nothing else: logs that lack other rows, and servers that have seen other
 * people, number it alike. Among a million keys, two share a number with a probability of 6 in 100,000. O(length).
 */
export function numberOfKey(key: string): number {
  let [a, b] = [0x9e3779b1, 0x85ebca6b];
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    a = Math.imul(a ^ unit, 0xcc9e2d51);
    b = Math.imul(b ^ unit, 0x1b873593);
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return pairOf(a >>> 0, (b ^ key.length) >>> 0);
}
