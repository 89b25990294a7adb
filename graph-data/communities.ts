/** Number of levels kept, fixed so that the size of a snapshot is known in advance. */
export const communityLevels = 3;

/**
 * Communities of pins and boards together, at three levels: the finest found, a middle one, and the coarsest; if fewer
 * were found, some repeat. A community of one level lies within one of the next. Level `l` of pin `p` is at
 * `l · pins + p`, of board `b` at `l · boards + b`. The communities of a level are numbered from 0 without gaps, in order
 * of their first node, pins before boards.
 */
export interface Communities {
  readonly levels: number;
  readonly pins: Int32Array<SharedArrayBuffer>;
  readonly boards: Int32Array<SharedArrayBuffer>;
}
