interface ReachedLayout {
  /** Byte offset of a number for each reached pin: its share. */
  readonly values: number;
  /** Byte offset of a number for each reached board: its mass. */
  readonly masses: number;
  /** Byte offset of another number for each reached board, or for each pin that gets steps. */
  readonly amounts: number;
  /** Byte offset of the slots of a hash table: 1 + the place of a pin in the list of reached ones, or 0. */
  readonly slots: number;
  /** Base-2 logarithm of the most slots that may be needed: twice as many as pins. */
  readonly log2Slots: number;
  /** Byte offset of the list of reached pins. */
  readonly pins: number;
  /** Byte offset of two integers for each reached board: its degree, and where its edges end. */
  readonly boards: number;
  readonly bytes: number;
}

export const boardBytes = 8;
export const log2SlotsMin = 10;

/**
 * Where things lie in the memory of what is reached in a graph of that many pins and boards, behind the 32-bit integers that
 * functions return.
 */
export function reachedLayout(pinCount: number, boardCount: number): ReachedLayout {
  const values = 64;
  const masses = values + 8 * pinCount;
  const amounts = masses + 8 * boardCount;
  const slots = amounts + 8 * Math.max(pinCount, boardCount);
  const log2Slots = Math.max(log2SlotsMin, Math.ceil(Math.log2(2 * pinCount)));
  const pins = slots + 4 * 2 ** log2Slots;
  const boards = pins + 4 * pinCount;
  return { values, masses, amounts, slots, log2Slots, pins, boards, bytes: boards + boardBytes * boardCount };
}
