import type { Change, RefusedChange } from './changes.ts';
import type { NodeIds } from './node-ids.ts';
import { type VectorModel, type VectorWriter, modelFault } from './vector-writer.ts';

/**
 * The changes of a request that cannot be made, given that the others are made in order: a save to another user's board,
 * a board that would change its owner, a new board without an owner, and a vector of another model or other dimensions. Runs before anything is written, so that
 * nothing has to be rolled back.
 */
export function refusalsOf(changes: readonly Change[], ids: NodeIds, vectors: VectorWriter): RefusedChange[] {
  const refused: RefusedChange[] = [];
  /** Owners of the boards that these changes create. */
  const created = new Map<string, string>();
  /** Models of the names that these changes create. */
  const models = new Map<string, VectorModel>();
  for (const [index, change] of changes.entries()) {
    const fault = vectorFaultOf(change, vectors, models);
    if (fault !== undefined) refused.push({ index, ...fault });
    const target = boardOf(change);
    if (target === undefined) continue;
    const { board, owner, field } = target;
    const currentOwner = created.get(board) ?? ids.findBoard(board)?.owner;
    if (currentOwner === undefined) {
      if (owner !== undefined) created.set(board, owner);
      else refused.push({ index, field, reason: `board ${JSON.stringify(board)} is new and needs an owner` });
    } else if (owner !== undefined && owner !== currentOwner) {
      refused.push({ index, field, reason: otherOwner(board, change) });
    }
  }
  return refused;
}

/** The first vector of a change that cannot be stored. */
function vectorFaultOf(
  change: Change,
  vectors: VectorWriter,
  models: Map<string, VectorModel>,
): Pick<RefusedChange, 'field' | 'reason'> | undefined {
  if (change.kind !== 'put' || change.nodeKind !== 'pins') return undefined;
  for (const [name, vector] of Object.entries(change.vectors ?? {})) {
    if (vector === null) continue;
    const given = { model: vector.model, dims: vector.values.length };
    const known = models.get(name) ?? vectors.modelOf(name);
    const reason = modelFault(name, given, known);
    if (reason !== undefined) return { field: `vectors/${name}`, reason };
    models.set(name, given);
  }
  return undefined;
}

interface BoardTarget {
  readonly board: string;
  /** The user who has to own the board; undefined if the change names none. */
  readonly owner: string | undefined;
  readonly field: RefusedChange['field'];
}

function boardOf(change: Change): BoardTarget | undefined {
  if (change.kind === 'save') {
    return { board: change.board ?? change.user, owner: change.user, field: 'board' };
  }
  if (change.kind === 'put' && change.nodeKind === 'boards') {
    return { board: change.key, owner: change.owner, field: 'owner' };
  }
  return undefined;
}

function otherOwner(board: string, change: Change): string {
  const isDefaultBoard = change.kind === 'save' && change.board === undefined;
  const hint = isDefaultBoard ? ' (a save without a board goes to the board with the key of its user)' : '';
  return `board ${JSON.stringify(board)} belongs to another user${hint}`;
}
