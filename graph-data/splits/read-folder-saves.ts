import { type NodeKind, sharedInt32Array } from '../../engine/graph/index.ts';
import type { TimedSaves } from '../../engine/splits/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type Database, openDatabaseReadOnly } from '../database/index.ts';
import { DataError } from '../errors.ts';
import { type KeyOrder, inKeyOrder } from './numbering.ts';
import { SaveCollector, renumbered } from './read-columns.ts';

/** The saves of a folder, and the ids of their users, boards and pins in its database. */
interface FolderSaves extends TimedSaves {
  readonly boardIds: Int32Array;
  readonly pinIds: Int32Array;
  readonly userIds: Int32Array;
}

/**
 * All saves of a data folder's database, not pruned. Users, boards and pins are numbered in the order of their keys, as
 * from a file, and not as in snapshots, whose numbers depend on the order of imports. `weightMin` excludes saves of a
 * smaller weight, and those without one. Needs about 60 bytes of memory per save while reading. Throws `split-unusable`
 * if there are no such saves.
 */
export function readFolderSaves(folder: DataFolder, weightMin?: number): FolderSaves {
  const database = openDatabaseReadOnly(folder);
  try {
    // A transaction, so that all rows are of one state, whatever a server writes meanwhile.
    const saves = database?.transaction(() => readNumbered(database, weightMin))();
    if (saves !== undefined && saves.boards.length > 0) return saves;
    const remedy = 'import a file first (pinwalk import FILE), or name one (--train FILE)';
    throw new DataError('split-unusable', `${folder.root} contains no such saves: ${remedy}`);
  } finally {
    database?.close();
  }
}

function readNumbered(database: Database, weightMin: number | undefined): FolderSaves {
  const collected = new SaveCollector();
  const rows = database
    .prepare<[number | null, number | null], [number, number, number | null]>(
      'SELECT board, pin, savedAt FROM saves NOT INDEXED WHERE ? IS NULL OR weight >= ?',
    )
    .raw()
    .iterate(weightMin ?? null, weightMin ?? null);
  for (const [board, pin, savedAt] of rows) collected.add(board, pin, savedAt ?? NaN, NaN);
  const read = collected.columns();
  const orderOf = (kind: NodeKind, used: Int32Array): KeyOrder => inKeyOrder(idsByKey(database, kind), used);
  const [boards, pins] = [orderOf('boards', read.boards), orderOf('pins', read.pins)];
  const ownerOf = database.prepare<[number], number>('SELECT owner FROM boards WHERE id = ?').pluck();
  const owners = boards.before.map((id) => ownerOf.get(id)!);
  const users = orderOf('users', owners);
  const boardToUser = sharedInt32Array(owners.length);
  boardToUser.set(owners.map(users.of));
  return {
    ...renumbered(read, boards, pins),
    pinCount: pins.before.length,
    boardToUser,
    userCount: users.before.length,
    boardIds: boards.before,
    pinIds: pins.before,
    userIds: users.before,
  };
}

/** The ids of all nodes of a kind in key order, which is that of `KeyTable.entriesByKey`. */
function idsByKey(database: Database, kind: NodeKind): Int32Array {
  const rows = database.prepare<[], number>(`SELECT id FROM ${kind} ORDER BY octet_length(key), key`);
  return Int32Array.from(rows.pluck().all());
}
