import type { Reason } from '../engine/index.ts';
import type { Store } from '../graph-data/index.ts';

/** Why a pin is in an answer, in the application's own keys. */
export interface RecommendationReason {
  /** Query pins that share boards with it, most boards first: one of the boards (the smallest), and how many. */
  readonly via: readonly { readonly pin: string; readonly board: string; readonly paths: number }[];
  /** Where `via` is empty: a pin that shares a board with it and another with a query pin. */
  readonly bridge?: {
    readonly queryPin: string;
    readonly queryBoard: string;
    readonly pin: string;
    readonly board: string;
  };
  readonly text: string;
}

/** A reason with keys and a sentence. Every board that it names holds the pins named with it. */
export function tellReason({ via, bridge }: Reason, store: Store): RecommendationReason {
  const pinKey = (pin: number): string => store.pinAt(pin)?.key ?? '';
  const boardKey = (board: number): string => store.boardKeyAt(board) ?? '';
  if (bridge !== undefined) {
    const told = {
      queryPin: pinKey(bridge.queryPin),
      queryBoard: boardKey(bridge.queryBoard),
      pin: pinKey(bridge.pin),
      board: boardKey(bridge.board),
    };
    return { via: [], bridge: told, text: `saved with ${told.pin}, which is saved with ${told.queryPin}` };
  }
  const told = via.map(({ queryPin, board, paths }) => {
    return { pin: pinKey(queryPin), board: boardKey(board), paths };
  });
  const parts = told.map(({ pin, paths }) => `with ${pin} on ${paths} ${paths === 1 ? 'board' : 'boards'}`);
  const text = parts.length === 0 ? 'more than two boards away from the query' : `saved ${joined(parts)}`;
  return { via: told, text };
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
