import type { Database } from './open-database.ts';

/** The database, and its state, from which a snapshot was built. */
export interface Origin {
  /** The random id of the database: 32 hexadecimal digits. */
  readonly id: string;
  /** The random mark of the last change up to the position: 16 hexadecimal digits. */
  readonly mark: string;
}

/** The origin of a snapshot built now. The database must have changes. */
export function readOrigin(database: Database): Origin {
  return database.prepare<[], Origin>('SELECT id, mark FROM source JOIN events USING (position)').get()!;
}

/**
 * Why a snapshot of this origin and position is not of a database; undefined if the database was in exactly that state.
 * An equal position proves nothing, since positions repeat after a backup is restored. Takes microseconds.
 */
export function foreignTo(database: Database, { id, mark }: Origin, position: number): string | undefined {
  const source = database
    .prepare<[number], { id: string; position: number; mark: string | null }>(
      'SELECT id, position, (SELECT mark FROM events WHERE position = ?) AS mark FROM source',
    )
    .get(position)!;
  if (source.id !== id) return 'it was built from another database than the one in this folder';
  if (position > source.position) {
    return `it is ahead of the database (change ${position} of ${source.position}), as after restoring a backup`;
  }
  if (source.mark === mark) return undefined;
  return source.mark === null
    ? 'it is older than the change log, which could prove that it is of this database'
    : 'it was built after another history of this database, as after restoring a backup';
}
