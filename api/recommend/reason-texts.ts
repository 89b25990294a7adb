import { type Work, prices } from '../../engine/base/index.ts';
import type { Reason } from '../../engine/explain/index.ts';
import {
  type NodeKind,
  type PinBoardGraph,
  type PinIndex,
  degreeOf,
  neighborsOf,
} from '../../engine/graph/index.ts';
import type { Query } from '../../engine/index.ts';
import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import type { RecommendationReason } from '../contract/index.ts';

const farAway = 'more than two boards away from the query';
/** Lift from which a text names it, and boards from which it is more than chance. */
const liftNamed = 2;
const liftBoards = 3;

/**
 * Why a pin is recommended, with keys, figures and a sentence. Every board that it names holds the pins named with it.
 * With `isSpecific`, where the lift decides as much as the boards do, the sentence names a lift of at least 2
 * over at least 3 boards as well.
 */
export function reasonOfPin(
  { graph: { pinToBoard }, header }: LoadedSnapshot,
  item: PinIndex,
  { via, bridge }: Reason,
  isSpecific: boolean,
  store: Store,
): RecommendationReason {
  const saves = degreeOf(pinToBoard, item);
  const pinKey = (pin: number): string => store.keyAt('pins', pin) ?? '';
  const boardKey = (board: number): string => store.keyAt('boards', board) ?? '';
  if (bridge !== undefined) {
    const path = {
      queryPin: pinKey(bridge.queryPin),
      queryBoard: boardKey(bridge.queryBoard),
      pin: pinKey(bridge.pin),
      board: boardKey(bridge.board),
    };
    return {
      via: [],
      saves,
      bridge: path,
      text: `saved with ${path.pin}, which is saved with ${path.queryPin}`,
    };
  }
  const parts: string[] = [];
  const named = via.map(({ queryPin, board, paths, isLowerBound }) => {
    const boards = degreeOf(pinToBoard, queryPin);
    const lift = (paths * header.counts.boards) / (saves * boards);
    const pin = pinKey(queryPin);
    const atLeast = isLowerBound ? 'at least ' : '';
    const isNamed = isSpecific && lift >= liftNamed && paths >= liftBoards;
    // Rounded down, as a lower bound has to stay one.
    const times = formatted(isLowerBound ? Math.floor(lift) : Math.round(lift));
    const of = isNamed ? ` of its ${formatted(boards)}` : '';
    const than = isNamed ? ` (${atLeast}${times} times as often as by chance)` : '';
    const noun = (isNamed ? boards : paths) === 1 ? 'board' : 'boards';
    parts.push(`with ${pin} on ${atLeast}${formatted(paths)}${of} ${noun}${than}`);
    return {
      pin,
      board: boardKey(board),
      paths,
      lift: Number(lift.toPrecision(3)),
      ...(isLowerBound && { isLowerBound }),
    };
  });
  return { via: named, saves, text: parts.length === 0 ? farAway : `saved ${joined(parts)}` };
}

/** Limits: query pins named in a reason, boards of a user, pins of a board. */
const namedMax = 3;
const boardsMax = 100;
const pinsMax = 10_000;

/** Why a board or a user is in an answer: the query pins that they hold. */
export function reasonOfHolder(
  graph: PinBoardGraph,
  query: Query,
  kind: Exclude<NodeKind, 'pins'>,
  index: number,
  store: Store,
  work: Work,
): RecommendationReason {
  const queryPins = new Set(query.pins);
  // The keys and texts of pins and boards that the reasons name.
  work.count(namedMax, prices.row);
  const boards = kind === 'boards' ? [index] : store.boardsOf(index).slice(0, boardsMax);
  const held = new Map<number, number>();
  for (const board of boards) {
    const pins = neighborsOf(graph.boardToPin, board).subarray(0, pinsMax);
    for (const pin of pins.subarray(0, work.take(pins.length, prices.edge))) {
      if (queryPins.has(pin) && !held.has(pin)) held.set(pin, board);
    }
  }
  const via = [...held].slice(0, namedMax).map(([pin, board]) => {
    return { pin: store.keyAt('pins', pin) ?? '', board: store.keyAt('boards', board) ?? '', paths: 1 };
  });
  const more = held.size - via.length;
  const parts = [...via.map(({ pin }) => pin), ...(more > 0 ? [`${more} more of the query`] : [])];
  const verb = kind === 'boards' ? 'holds' : 'saved';
  const text = via.length === 0 ? farAway : `${verb} ${joined(parts)}`;
  return { via, ...(more > 0 && { more }), text };
}

function formatted(count: number): string {
  return count.toLocaleString('en');
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
