/** Nodes with one mark: a byte that is 0 while all their values are. Their values fill a cache line. */
export const blockNodes = 8;
/** A mark that is set. */
export const marked = 0xff;
/** Blocks whose marks are read at once. */
export const groupBlocks = 16;

/** Three 32-bit integers that the functions return, then the values: 64-bit floats, one for each node, in blocks. */
export const valuesOffset = 64;

interface SharesLayout {
  readonly blocks: number;
  /** Byte offset of the marks, one for each block. */
  readonly marks: number;
  /** Byte offset of the list of found nodes. */
  readonly found: number;
  readonly bytes: number;
}

/** Where things lie in the memory of shares of that many nodes. */
export function sharesLayout(nodes: number): SharesLayout {
  const blocks = groupBlocks * Math.ceil(nodes / blockNodes / groupBlocks);
  const marks = valuesOffset + 8 * blockNodes * blocks;
  const found = marks + blocks;
  return { blocks, marks, found, bytes: found + 4 * blockNodes * blocks };
}
