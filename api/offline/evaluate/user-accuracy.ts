import type { AccuracyByBoard } from '../../../engine/index.ts';

/** The accuracy of each user, over which intervals and tests are computed. */
export interface UserAccuracy {
  readonly boards: Int32Array;
  readonly accuracy: AccuracyByBoard;
}
