import type { Percentiles } from './open-loop.ts';

/** The measurements of one interval of a soak test; times in milliseconds. */
export interface SoakPiece {
  /** Minutes from the start of the test to the end of the interval. */
  readonly minutes: number;
  readonly residentMb: number;
  readonly reads: Percentiles;
  readonly writes: Percentiles;
  /** From the 201 of a save to the response of a request that reflects it. */
  readonly saveToAnswer: Percentiles;
  /** Requests refused with 503, and requests that failed in another manner. */
  readonly refused: number;
  readonly failed: number;
  readonly graphVersion: string;
  readonly liveSaves: number;
}
