import type { Change, RefusedChange } from './changes.ts';
import type { NodeIds } from './node-ids.ts';

/**
 * The changes of a request that cannot be made one after another: those of a board of another user, and a board that is
 * new and nobody's. Looks before anything is written, so that nothing has to be undone.
 */
export function refusalsOf(changes: readonly Change[], ids: NodeIds): RefusedChange[] {
  const refused: RefusedChange[] = [];
  /** Owners of the boards that these changes make. */
  const made = new Map<string, string>();
  for (const [index, change] of changes.entries()) {
    const wish = boardOf(change);
    if (wish === undefined) continue;
    const { board, owner } = wish;
    const stored = made.has(board) ? undefined : ids.findBoard(board);
    const madeFor = made.get(board);
    if (stored === undefined && madeFor === undefined) {
      if (owner !== undefined) made.set(board, owner);
      else
        refused.push({
          index,
          field: 'owner',
          reason: `board ${JSON.stringify(board)} is new: say whose it is`,
        });
    } else if (owner !== undefined) {
      if ((stored?.owner ?? madeFor) !== owner)
        refused.push({ index, field: fieldOf(change), reason: otherOwner(board, change) });
    }
  }
  return refused;
}

/** The board that a change is about, and whose it has to be. */
function boardOf(change: Change): { board: string; owner: string | undefined } | undefined {
  if (change.kind === 'save') return { board: change.board ?? change.user, owner: change.user };
  if (change.kind === 'put' && change.side === 'boards') return { board: change.key, owner: change.owner };
  return undefined;
}

function fieldOf({ kind }: Change): 'board' | 'owner' {
  return kind === 'save' ? 'board' : 'owner';
}

function otherOwner(board: string, change: Change): string {
  const hasNone = change.kind === 'save' && change.board === undefined;
  const own = hasNone ? ' (a save without a board means the board that has the key of its user)' : '';
  return `board ${JSON.stringify(board)} belongs to another user${own}`;
}
