import type { PinIndex } from '../graph/index.ts';

/** The boards that hold both a query pin and the recommended pin. */
export interface SharedBoards {
  readonly queryPin: PinIndex;
  /** The one with the fewest pins among the first 32 found: a small board says more than a large one. */
  readonly board: number;
  /** Number of shared boards found. */
  readonly paths: number;
  /** Whether one of the pins has more boards than were considered, so that there may be more shared ones. */
  readonly isLowerBound: boolean;
}

/** A path over a third pin, for a recommended pin that shares no board with the query. */
export interface Bridge {
  readonly queryPin: PinIndex;
  /** Holds the query pin and `pin`. */
  readonly queryBoard: number;
  readonly pin: PinIndex;
  /** Holds `pin` and the recommended pin. */
  readonly board: number;
}

/** Why a pin was recommended. Both fields are empty when every path lies beyond the limits of the search. */
export interface Reason {
  /** At most three query pins, most paths first; ties go to the smaller pin. */
  readonly via: readonly SharedBoards[];
  readonly bridge: Bridge | undefined;
}
