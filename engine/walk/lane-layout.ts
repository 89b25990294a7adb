/** Walkers that advance in lockstep. The result does not depend on it. */
export const laneCount = 64;

/** The node at which visits of lost walkers are counted; larger than every pin index. */
export const lostNode = 0x7fff_ffff;

/** The kernel's arrays in the memory of the lanes, each with a 32-bit integer per lane. */
const arrays = [
  'pins',
  'homes',
  'low',
  'high',
  'boards',
  'cursors',
  'restartMasks',
  'boardDraws',
  'pinDraws',
  'losses',
  'slots',
  /** Size and `reached` of the visit table. */
  'results',
] as const;

/** The byte offset of each array. */
export const laneOffsets: Readonly<Record<(typeof arrays)[number], number>> = Object.fromEntries(
  arrays.map((name, i) => [name, 4 * laneCount * i]),
) as Record<(typeof arrays)[number], number>;

export const lanesBytes: number = 4 * laneCount * arrays.length;
