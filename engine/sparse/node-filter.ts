/** 8 kB, which stay in the first-level cache. */
const log2Bits = 16;
const wordMask = 2 ** (log2Bits - 5) - 1;

/** A set of nodes that may seem to have others, too: those with the same lowest 16 bits (a Bloom filter of one hash function). */
export class NodeFilter {
  readonly #bits = new Int32Array(wordMask + 1);

  constructor(nodes: ArrayLike<number>, size: number = nodes.length) {
    for (let i = 0; i < size; i++) this.#bits[(nodes[i]! >>> 5) & wordMask]! |= 1 << nodes[i]!;
  }

  mayHave(node: number): boolean {
    return ((this.#bits[(node >>> 5) & wordMask]! >>> node) & 1) !== 0;
  }
}
