import type { NodeKind } from '../../engine/index.ts';
import type { Database } from './open-database.ts';

/** Row counts of the four tables. */
export interface GraphCounts {
  readonly users: number;
  readonly boards: number;
  readonly pins: number;
  readonly saves: number;
}

/** Counts the rows. O(rows), a few nanoseconds each. */
export function readCounts(database: Database): GraphCounts {
  const count = (table: string): number =>
    database.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  return { users: count('users'), boards: count('boards'), pins: count('pins'), saves: count('saves') };
}

/** Whether the database has no rows. O(1). */
export function isEmpty(database: Database): boolean {
  const some = ['users', 'boards', 'pins', 'saves'].map((table) => `EXISTS (SELECT 1 FROM ${table})`);
  const hasRows = database
    .prepare<[], number>(`SELECT ${some.join(' OR ')}`)
    .pluck()
    .get();
  return hasRows === 0;
}

/** The position of the change log: how many users, boards, pins and saves were ever added or removed. */
export function readPosition(database: Database): number {
  return database.prepare<[], number>('SELECT position FROM source').pluck().get() ?? 0;
}

/** The ids of the next user, board and pin: the length of every array indexed by id. */
export function readNextIds(database: Database): Record<NodeKind, number> {
  return database
    .prepare<[], Record<NodeKind, number>>(
      'SELECT nextUser AS users, nextBoard AS boards, nextPin AS pins FROM source',
    )
    .get()!;
}
