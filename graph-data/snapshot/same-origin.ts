import type { PinBoardGraph } from '../../engine/index.ts';
import type { Database, GraphCounts } from '../database/index.ts';

const boardsMax = 1_000;

/**
 * Whether a graph can have been built from a database, for all that up to 1,000 boards spread over it tell: a board
 * keeps its number and its owner for good, so one that belongs to another user proves that it was not. Boards that only
 * one of the two knows prove nothing: one may be older than the other. About 10 ms.
 */
export function canBeOf(
  database: Database,
  { boardToUser }: PinBoardGraph,
  { boards }: GraphCounts,
): boolean {
  const selectOwner = database.prepare<[number], number>('SELECT owner FROM boards WHERE id = ?').pluck();
  const step = Math.max(1, Math.floor(boards / boardsMax));
  for (let board = 0; board < boards; board += step) {
    const owner = boardToUser[board]!;
    if (owner >= 0 && (selectOwner.get(board) ?? owner) !== owner) return false;
  }
  return true;
}
