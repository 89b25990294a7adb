/**
 * The slot of a value of a field: an integer hash of both. `mask`: slots − 1, a power of two less one. Distinct values may share a
 * slot ("hashing trick", Weinberger et al., ICML 2009, doi:10.1145/1553374.1553516). `value`: an integer from 0 to 2^53.
 */
export function slotOf(field: number, value: number, mask: number): number {
  const high = Math.floor(value / 2 ** 32);
  let hash = Math.imul(field + 1, 0x9e3779b1) ^ Math.imul(value >>> 0, 0x85ebca6b) ^ Math.imul(high + 1, 0xc2b2ae35); // prettier-ignore
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & mask;
}
