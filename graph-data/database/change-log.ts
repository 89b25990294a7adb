import type { NodeKind } from '../../engine/index.ts';
import { MultiRowInsert } from './multi-row-insert.ts';
import type { Database } from './open-database.ts';

/**
 * Kinds of changes. A pin's saves are removed (`save-gone`) before the pin is. `user-put` and `board-put`: attributes of a node
 * that existed were replaced. `key`: an API key was created or revoked.
 */
export type ChangeKind =
  | 'user'
  | 'board'
  | 'pin'
  | 'save'
  | 'user-gone'
  | 'board-gone'
  | 'pin-gone'
  | 'save-gone'
  | 'user-put'
  | 'board-put'
  | 'key';

/**
 * `a` and `b` are ids: board and owner of a new board, board and pin of a save, otherwise the node and 0. For a `pin`, b is 0 if
 * it is new, and 1 if its attributes were replaced. `endsCommit`: whether it is the last one of its transaction.
 */
type OnChange = (kind: ChangeKind, a: number, b: number, endsCommit: boolean) => void;

/**
 * Appends to the change log, the table `events`, and advances the source's position and next ids. The caller begins and
 * commits the transaction, and calls {@link restart} after a rollback or when another connection has written.
 */
export class ChangeLog {
  readonly #selectPosition;
  readonly #updateSource;
  readonly #insert: MultiRowInsert;
  readonly #insertKeyed;
  readonly #mark;
  #position: number;
  #isEmpty = true;

  constructor(database: Database) {
    this.#selectPosition = database.prepare<[], number>('SELECT position FROM source').pluck();
    this.#updateSource = database.prepare<[Record<NodeKind, number> & { position: number }]>(
      'UPDATE source SET position = @position, nextUser = @users, nextBoard = @boards, nextPin = @pins',
    );
    this.#insert = new MultiRowInsert(database, 'events (position, kind, a, b)', 4);
    this.#insertKeyed = database.prepare<[number, ChangeKind, number, number, string]>(
      'INSERT INTO events (position, kind, a, b, key) VALUES (?, ?, ?, ?, ?)',
    );
    this.#mark = database.prepare<[number]>(
      'UPDATE events SET mark = lower(hex(randomblob(8))) WHERE position = ?',
    );
    this.#position = this.#selectPosition.get()!;
  }

  get position(): number {
    return this.#position;
  }

  append(kind: ChangeKind, a: number, b: number): void {
    this.#insert.add4(++this.#position, kind, a, b);
    this.#isEmpty = false;
  }

  /**
   * Appends a change with the key that followers would not find any more: of a node that is gone, of the pin of a save that goes
   * with it; or with the id of an API key.
   */
  appendKeyed(kind: ChangeKind, a: number, b: number, key: string): void {
    this.#insertKeyed.run(++this.#position, kind, a, b, key);
    this.#isEmpty = false;
  }

  /** Writes the buffered changes and the source. To be called before the commit. */
  flush(nextIds: Readonly<Record<NodeKind, number>>): void {
    if (!this.#isEmpty) this.#end(nextIds);
    this.#isEmpty = true;
  }

  /** Logs many changes as one entry without their ids: a graph of an earlier position must be rebuilt. */
  appendBulk(changes: number, nextIds: Readonly<Record<NodeKind, number>>): void {
    this.#position += changes;
    this.#insert.add4(this.#position, 'bulk', changes, 0);
    this.#end(nextIds);
  }

  #end(nextIds: Readonly<Record<NodeKind, number>>): void {
    this.#insert.flush();
    this.#mark.run(this.#position);
    this.#updateSource.run({ ...nextIds, position: this.#position });
  }

  /** Discards the buffered changes and reads the position again. */
  restart(): void {
    this.#insert.clear();
    this.#isEmpty = true;
    this.#position = this.#selectPosition.get()!;
  }
}

/**
 * Calls `onChange` for the changes after a position, in order, and returns the new position: that of the database, or
 * `max` later if there are more (default: no limit). Applying the changes brings a graph of the old position up to date.
 * Returns undefined, without calling `onChange`, if the log starts later or these changes contain a bulk entry: the graph
 * must then be rebuilt. Run it in the transaction that reads other data of the same state. O(changes).
 */
export function readChanges(
  database: Database,
  after: number,
  onChange: OnChange,
  max: number = Infinity,
): number | undefined {
  const source = database
    .prepare<[], { position: number; eventsFrom: number }>('SELECT position, eventsFrom FROM source')
    .get()!;
  if (after < source.eventsFrom || after > source.position) return undefined;
  const end = Math.min(source.position, after + max);
  const bulks = database
    .prepare<[number, number], number>(
      `SELECT EXISTS (SELECT 1 FROM events WHERE position > ? AND position <= ? AND kind = 'bulk')`,
    )
    .pluck();
  if (bulks.get(after, end) === 1) return undefined;
  const select = database
    .prepare<[number, number], [ChangeKind, number, number, 0 | 1]>(
      'SELECT kind, a, b, mark IS NOT NULL FROM events WHERE position > ? AND position <= ? ORDER BY position',
    )
    .raw();
  // Fetching all at once takes half the time of row by row; a log without a limit may not fit in memory.
  const rows = Number.isFinite(max) ? select.all(after, end) : select.iterate(after, end);
  for (const [kind, a, b, isMarked] of rows) onChange(kind, a, b, isMarked === 1);
  return end;
}

/** Whether the log can bring a copy of the database with this id up to date that has this position. O(changes since). */
export function reachesBackTo(database: Database, id: string, position: number): boolean {
  const found = database
    .prepare<[{ id: string; position: number }], number>(
      `SELECT position >= @position AND eventsFrom <= @position AND NOT EXISTS (
         SELECT 1 FROM events WHERE events.position > @position AND kind = 'bulk'
       ) FROM source WHERE id = @id`,
    )
    .pluck()
    .get({ id, position });
  return found === 1;
}

/**
 * Deletes the oldest changes up to a position, at most `max` (default: all), and returns their number. `upTo` should be
 * the position of the oldest graph that is still to be brought up to date; of that position, only the mark is kept.
 */
export function dropChanges(database: Database, upTo: number, max: number = Infinity): number {
  const drop = database.transaction(() => {
    const position = database.prepare<[], number>('SELECT position FROM source').pluck().get()!;
    const first = database.prepare<[], number | null>('SELECT min(position) FROM events').pluck().get();
    const end = Math.min(upTo, position, (first ?? 0) + max - 1);
    const { changes } = database.prepare('DELETE FROM events WHERE position < ?').run(end);
    const blanked = database
      .prepare(
        `UPDATE events SET kind = 'bulk', a = 0, b = 0, key = NULL WHERE position = ? AND (kind <> 'bulk' OR a <> 0)`,
      )
      .run(end);
    database.prepare('UPDATE source SET eventsFrom = max(eventsFrom, ?)').run(end);
    return changes + blanked.changes;
  });
  return drop.immediate();
}
