interface ReachedLayout {
  /** Byte offset of a number for each reached pin: its share. */
  readonly values: number;
  /** Byte offset of a number for each reached board: its mass. */
  readonly masses: number;
  /** Byte offset of another number for each reached board, or for each pin that gets steps. */
  readonly amounts: number;
  /** Byte offset of the numbers of the pins of one bucket: 1 + the place of a pin in the list of reached ones, or 0. */
  readonly numbers: number;
  /** Byte offset of an integer for each bucket of pins: how many edges lead there, then where these end. */
  readonly buckets: number;
  readonly bucketCount: number;
  /** Byte offset of addresses of shares that were found. */
  readonly found: number;
  /** Byte offset of the list of reached pins. */
  readonly pins: number;
  /** Byte offset of two integers for each reached board: its degree, and where its edges end. */
  readonly boards: number;
  readonly bytes: number;
}

export const boardBytes = 8;
/** Pins handed out at once: the fewer, the sooner a full top rejects the rest. */
export const foundMax = 32;
/** Of the number of pins in a bucket: their numbers take 512 kB, which the second-level cache holds. */
export const log2BucketPins = 17;

/**
 * Where things lie in the memory of what is reached in a graph of that many pins and boards, behind the 32-bit integers that
 * functions return.
 */
export function reachedLayout(pinCount: number, boardCount: number): ReachedLayout {
  const values = 64;
  // One more than there are, as two are divided at a time.
  const masses = values + 8 * (pinCount + 1);
  const amounts = masses + 8 * boardCount;
  const numbers = amounts + 8 * (Math.max(pinCount, boardCount) + 1);
  const bucketPins = 2 ** log2BucketPins;
  const bucketCount = Math.ceil(pinCount / bucketPins);
  const buckets = numbers + 4 * bucketPins;
  const found = buckets + 4 * bucketCount;
  const pins = found + 4 * (foundMax + 2);
  // One more than there are: the next pin is written before it is known to be new.
  const boards = pins + 4 * (pinCount + 1);
  const bytes = boards + boardBytes * boardCount;
  return { values, masses, amounts, numbers, buckets, bucketCount, found, pins, boards, bytes };
}
