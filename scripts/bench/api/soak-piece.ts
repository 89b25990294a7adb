import type { Percentiles } from './open-loop.ts';

/** What one piece of a soak was like; times in milliseconds. */
export interface SoakPiece {
  /** From the begin to the end of this piece. */
  readonly minutes: number;
  readonly residentMb: number;
  readonly reads: Percentiles;
  readonly writes: Percentiles;
  /** From the 201 of a save to an answer with what it brought, the request for it included. */
  readonly saveToAnswer: Percentiles;
  /** Requests that were refused (503), and those that failed in any other way. */
  readonly refused: number;
  readonly failed: number;
  readonly graphVersion: string;
  readonly liveSaves: number;
}
