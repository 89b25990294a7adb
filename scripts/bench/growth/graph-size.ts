/** Sizes of a synthetic graph. */
export interface GraphSize {
  readonly saves: number;
  readonly pins: number;
  readonly boards: number;
  readonly topics: number;
}

/** Five saves a pin and ten a board, with popularity and board sizes by power laws. */
export function sizeOf(saves: number): GraphSize {
  const pins = Math.ceil(saves / 5);
  return { saves, pins, boards: Math.ceil(saves / 10), topics: Math.min(1_000, Math.ceil(pins / 20)) };
}
