import type { ChangeKind, Database } from '../database/index.ts';
import { isoTime } from './column-values.ts';
import { type ChangeLines, KeptLines } from './kept-lines.ts';
import { type Fields, NodeStates } from './node-states.ts';

/** Why followers cannot go on from a position. */
export type PositionFault = 'dropped' | 'bulk' | 'other-history';

type EventRow = [
  position: number,
  kind: ChangeKind | 'bulk',
  a: number,
  b: number,
  mark: string | null,
  key: string | null,
];

type SaveRow = [
  board: string | null,
  user: string | null,
  pin: string | null,
  isThere: 0 | 1,
  savedAt: number | null,
  weight: number | null,
  owner: number | null,
];

/**
 * Reads the change log for followers outside of this process: replicas, brokers, caches. The log itself holds
 * numbers; keys, attributes, times and weights come from the present rows. So a change may show a later state
 * of its row, or nothing of it if a later change has removed it. A follower that applies all changes in order
 * ends at the state of the database, and an erased person is in no line
 * (docs/decisions/025-change-log-of-numbers.md).
 */
export class ChangeReader {
  readonly #selectSource;
  readonly #selectMark;
  readonly #selectBulk;
  readonly #selectEvents;
  readonly #selectSaves;
  readonly #selectErasure;
  readonly #states: NodeStates;
  readonly #kept: KeptLines | undefined;
  /** Up to which the log was looked through for erasures. */
  #seen = Infinity;
  readonly #read;

  /** `charactersKept`: of lines that are kept for other followers; by default, none are. */
  constructor(database: Database, charactersKept: number = 0) {
    this.#kept = charactersKept > 0 ? new KeptLines(charactersKept) : undefined;
    this.#states = new NodeStates(database);
    this.#selectSource = database.prepare<[], { position: number; eventsFrom: number }>(
      'SELECT position, eventsFrom FROM source',
    );
    this.#selectMark = database
      .prepare<[number], string | null>('SELECT mark FROM events WHERE position = ?')
      .pluck();
    this.#selectBulk = database
      .prepare<[number, number], number | null>(
        `SELECT min(position) FROM events WHERE position > ? AND position <= ? AND kind = 'bulk'`,
      )
      .pluck();
    this.#selectEvents = database
      .prepare<[number, number], EventRow>(
        'SELECT position, kind, a, b, mark, key FROM events WHERE position > ? AND position <= ? ORDER BY position',
      )
      .raw();
    this.#selectSaves = database
      .prepare<[number, number], SaveRow>(
        `SELECT boards.key, users.key, pins.key, saves.board IS NOT NULL, savedAt, weight, owner FROM events
         LEFT JOIN boards ON boards.id = a LEFT JOIN users ON users.id = owner LEFT JOIN pins ON pins.id = b
         LEFT JOIN saves ON saves.board = a AND saves.pin = b
         WHERE position > ? AND position <= ? AND kind IN ('save', 'save-gone') ORDER BY position`,
      )
      .raw();
    this.#selectErasure = database.prepare<[number, number]>(
      `SELECT 1 FROM events WHERE position > ? AND position <= ? AND kind = 'user-gone'`,
    );
    this.#read = database.transaction((after: number, max: number, mark: string | undefined) =>
      this.#readNow(after, max, mark),
    );
  }

  /**
   * Up to `max` changes after a position, in one read transaction. `mark`: that of the position, if known, which tells histories
   * apart that diverged from one backup. 5 to 10 µs a change, 1 µs of those that were just read.
   */
  read(after: number, max: number, mark?: string): ChangeLines | PositionFault {
    return this.#read(after, max, mark);
  }

  #readNow(after: number, max: number, mark: string | undefined): ChangeLines | PositionFault {
    const { position, eventsFrom } = this.#selectSource.get()!;
    if (after > position) return 'other-history';
    if (after < eventsFrom) return 'dropped';
    const known = mark === undefined ? undefined : this.#selectMark.get(after);
    if (typeof known === 'string' && known !== mark) return 'other-history';
    if (position > this.#seen && this.#selectErasure.get(this.#seen, position) !== undefined)
      this.#kept?.clear();
    this.#seen = position;
    const kept = this.#kept?.get(after, max, position);
    if (kept !== undefined) return kept;
    const end = Math.min(position, after + max, this.#kept?.endAfter(after) ?? Infinity);
    const events = this.#selectEvents.all(after, end);
    const bulk = events.findIndex(([, kind]) => kind === 'bulk');
    // An import counts as many positions as it has changes: the log has one of them.
    if (bulk === 0 || (events.length === 0 && this.#selectBulk.get(after, position) !== null)) return 'bulk';
    const saves = this.#selectSaves.all(after, end).values();
    const lines: string[] = [];
    let [upTo, whole] = [after, { lines: 0, upTo: after }];
    for (const event of bulk < 0 ? events : events.slice(0, bulk)) {
      lines.push(this.#lineOf(event, saves));
      upTo = event[0];
      if (event[4] !== null) whole = { lines: lines.length, upTo };
    }
    const read = { lines, upTo, whole };
    if (lines.length > 0) this.#kept?.put(after, read);
    return read;
  }

  #lineOf([position, kind, a, b, mark, key]: EventRow, saves: Iterator<SaveRow>): string {
    const fields =
      kind === 'save' || kind === 'save-gone'
        ? saveFields(kind, [a, b], saves.next().value as SaveRow, key)
        : this.#states.fieldsOf(kind as ChangeKind, a, b, key);
    return JSON.stringify({ position, ...fields, ...(mark !== null && { mark }) });
  }
}

/** A removed pin has its key in the log; an erased person has none. */
function saveFields(
  kind: 'save' | 'save-gone',
  [boardId, pinId]: [number, number],
  [board, user, pin, isThere, savedAt, weight, owner]: SaveRow,
  goneKey: string | null,
): Fields {
  const keys = { user, board, pin: pin ?? goneKey };
  const ids = { user: owner, board: boardId, pin: pinId };
  if (kind === 'save-gone') return { kind, ...keys, ids };
  // Of a save that a later change removes, time and weight are not known any more.
  const details = isThere === 1 ? { savedAt: isoTime(savedAt), weight } : {};
  return { kind, ...keys, ...details, ids };
}
