/** Sizes of a synthetic graph. */
export interface GraphSize {
  readonly saves: number;
  readonly pins: number;
  readonly boards: number;
}

export const topics = 1_000;

/** Five saves a pin and ten a board, with popularity and board sizes by power laws. */
export function sizeOf(saves: number): GraphSize {
  return { saves, pins: Math.ceil(saves / 5), boards: Math.ceil(saves / 10) };
}
