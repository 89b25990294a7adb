import type { PinBoardGraph } from '../../engine/index.ts';
import type { Database, GraphCounts } from '../database/index.ts';

const boardsMax = 1_000;

/**
 * Whether a graph may have been built from a database, judged by up to 1,000 evenly spread boards. A board never changes
 * its id or its owner, so a different owner proves another origin. Boards that only one side has prove nothing, since
 * either may be older. About 10 ms.
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
