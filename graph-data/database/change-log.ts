import { MultiRowInsert } from './multi-row-insert.ts';
import type { Database } from './open-database.ts';
import type { Side } from './store.ts';

/**
 * Changes of the graph, by id. `a` and `b` are of a board its id and its owner's, of a save its board and its pin;
 * else `a` is the id of the user, board or pin, and `b` is 0. The saves of a pin that goes have gone before it.
 */
export const eventKinds = [
  'user',
  'board',
  'pin',
  'save',
  'user-gone',
  'board-gone',
  'pin-gone',
  'save-gone',
] as const;
export type EventKind = (typeof eventKinds)[number];
export type TakeEvent = (kind: EventKind, a: number, b: number) => void;

/** Events in the order in which they came: three integers each, the place in {@link eventKinds}, then `a` and `b`. */
export type EventList = Int32Array;

/** Gives the changes of a list one after another. */
export function changesOf(events: EventList, take: TakeEvent): void {
  for (let i = 0; i < events.length; i += 3) {
    take(eventKinds[events[i]!]!, events[i + 1]!, events[i + 2]!);
  }
}

/**
 * Appends to the log, and moves the position and the next ids of the source along with it. The caller begins and ends
 * the transaction; {@link restart} is for one that was not committed, or when another connection has written.
 */
export class EventWriter {
  readonly #selectPosition;
  readonly #updateSource;
  readonly #insert: MultiRowInsert;
  #position: number;
  #list: EventList = new Int32Array(3 * 2 ** 10);
  #length = 0;

  constructor(database: Database) {
    this.#selectPosition = database.prepare<[], number>('SELECT position FROM source').pluck();
    this.#updateSource = database.prepare<[Record<Side, number> & { position: number }]>(
      'UPDATE source SET position = @position, nextUser = @users, nextBoard = @boards, nextPin = @pins',
    );
    this.#insert = new MultiRowInsert(database, 'events (position, kind, a, b)', 4);
    this.#position = this.#selectPosition.get()!;
  }

  get position(): number {
    return this.#position;
  }

  add(kind: EventKind, a: number, b: number): void {
    this.#insert.add4(++this.#position, kind, a, b);
    if (this.#length === this.#list.length) {
      const larger = new Int32Array(2 * this.#list.length);
      larger.set(this.#list);
      this.#list = larger;
    }
    this.#list[this.#length++] = eventKinds.indexOf(kind);
    this.#list[this.#length++] = a;
    this.#list[this.#length++] = b;
  }

  /** Ends the transaction's events, and gives them back. */
  flush(nextIds: Readonly<Record<Side, number>>): EventList {
    const events = this.#list.slice(0, this.#length);
    this.#insert.flush();
    if (events.length > 0) this.#updateSource.run({ ...nextIds, position: this.#position });
    this.#length = 0;
    return events;
  }

  /** One event for so many changes at once: a graph from before them cannot be brought up to date, but built anew. */
  addBulk(changes: number, nextIds: Readonly<Record<Side, number>>): void {
    this.#position += changes;
    this.#insert.add4(this.#position, 'bulk', changes, 0);
    this.#insert.flush();
    this.#updateSource.run({ ...nextIds, position: this.#position });
  }

  restart(): void {
    this.#insert.clear();
    this.#length = 0;
    this.#position = this.#selectPosition.get()!;
  }
}

/**
 * Gives every change after a position, in order: what brings a graph of that position to the present. Says how far they
 * go, or undefined (and gives none) when the log does not reach back so far, or a bulk import came since: then the graph
 * has to be built. Read it in the transaction of whatever else has to be of the same moment. O(changes).
 */
export function readEvents(database: Database, after: number, take: TakeEvent): number | undefined {
  const source = database
    .prepare<[number], { position: number; eventsFrom: number; bulks: number }>(
      `SELECT position, eventsFrom,
         EXISTS (SELECT 1 FROM events WHERE position > ? AND kind = 'bulk') AS bulks FROM source`,
    )
    .get(after)!;
  if (after < source.eventsFrom || after > source.position || source.bulks > 0) return undefined;
  const select = database
    .prepare<[number, number], [EventKind, number, number]>(
      'SELECT kind, a, b FROM events WHERE position > ? AND position <= ? ORDER BY position',
    )
    .raw();
  for (const [kind, a, b] of select.iterate(after, source.position)) take(kind, a, b);
  return source.position;
}

/**
 * Drops the oldest events up to a position, at most so many (default: all): for whoever knows the oldest graph that is
 * still to be brought up to date. Returns how many they were.
 */
export function dropEvents(database: Database, upTo: number, max: number = Infinity): number {
  const drop = database.transaction(() => {
    const position = database.prepare<[], number>('SELECT position FROM source').pluck().get()!;
    const first = database.prepare<[], number | null>('SELECT min(position) FROM events').pluck().get();
    const end = Math.min(upTo, position, (first ?? 0) + max - 1);
    const { changes } = database.prepare('DELETE FROM events WHERE position <= ?').run(end);
    database.prepare('UPDATE source SET eventsFrom = max(eventsFrom, ?)').run(end);
    return changes;
  });
  return drop.immediate();
}
