import type { DataFolder } from '../data-folder.ts';
import { type Database, EventWriter, asDataError, dropEvents, openDatabase } from '../database/index.ts';
import { AttributePutter } from './attribute-putter.ts';
import type {
  Applied,
  Change,
  ChangeResult,
  RefusedChange,
  SaveChange,
  UnsaveChange,
  WriteOutcome,
  WriteRequest,
} from './changes.ts';
import { type ErasedRows, Eraser } from './eraser.ts';
import { NodeIds } from './node-ids.ts';
import { refusalsOf } from './refusals.ts';
import { SaveBuffer } from './save-buffer.ts';
import { StoredAnswers } from './stored-answers.ts';

/** 64 MB: a writer comes back to the same pages of its indexes. */
const cacheKiB = 65_536;
/** Pages of 4 KiB that the log has before it is brought in: pages that many commits change are then written once. */
const checkpointPages = 16_000;

/** Some 10 ms. */
const eventsPerDrop = 20_000;

/** How many events were dropped. */
export interface ScrubbedEvents {
  readonly events: number;
}

/**
 * Writes what clients ask for, many requests in one transaction: after {@link apply} has returned, all of it is durable.
 * One thread has one; other processes may write beside it.
 */
export class SaveWriter {
  readonly #folder: DataFolder;
  readonly #database: Database;
  readonly #events: EventWriter;
  readonly #ids: NodeIds;
  readonly #attributes: AttributePutter;
  readonly #answers: StoredAnswers;
  readonly #eraser: Eraser;
  readonly #saves: SaveBuffer;
  readonly #deleteSave;
  readonly #selectBoardsOf;
  readonly #deleteSavesOf;
  readonly #deletePin;
  readonly #selectDataVersion;
  /** Another one says that another connection has written. */
  #dataVersion: unknown;

  /** Over a database of this folder that nothing else writes through. */
  constructor(database: Database, folder: DataFolder) {
    this.#folder = folder;
    this.#database = database;
    this.#events = new EventWriter(database);
    this.#ids = new NodeIds(database, this.#events);
    this.#attributes = new AttributePutter(database);
    this.#answers = new StoredAnswers(database);
    this.#eraser = new Eraser(database);
    this.#saves = new SaveBuffer(database, this.#events);
    this.#deleteSave = database.prepare<[number, number]>('DELETE FROM saves WHERE board = ? AND pin = ?');
    this.#selectBoardsOf = database
      .prepare<[number], number>('SELECT board FROM saves WHERE pin = ? ORDER BY board')
      .pluck();
    this.#deleteSavesOf = database.prepare<[number]>('DELETE FROM saves WHERE pin = ?');
    this.#deletePin = database.prepare<[number]>('DELETE FROM pins WHERE id = ?');
    this.#selectDataVersion = database.prepare<[], number>('PRAGMA data_version').pluck();
  }

  /**
   * Opens the database of a data folder for a writer. `busyMs`: how long to wait for another process's write. Throws
   * `data-folder-unusable` and `data-folder-in-use`, as {@link apply} does.
   */
  static open(folder: DataFolder, { busyMs }: { readonly busyMs: number }): SaveWriter {
    const database = openDatabase(folder);
    database.pragma(`busy_timeout = ${busyMs}`);
    database.pragma(`cache_size = -${cacheKiB}`);
    database.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    // What is deleted is overwritten at once.
    database.pragma('secure_delete = ON');
    return new SaveWriter(database, folder);
  }

  /**
   * Does requests one after another, in one transaction. A request is done whole or not at all (but see `isWhole`); one
   * that is refused does not stop the others. When this throws, nothing of any of them was written.
   *
   * About 5 µs a save of what is known, 20 a new pin, and the time of one commit.
   */
  apply(requests: readonly WriteRequest[]): Applied {
    return this.#transact(() => {
      const outcomes = requests.map((request) => this.#do(request));
      this.#saves.flush();
      const events = this.#events.flush(this.#ids.next);
      return { outcomes, events, position: this.#events.position };
    });
  }

  /**
   * Erases a user with all rows about them, in one transaction, and notes that copies are still to be scrubbed: of what
   * was deleted, in free space of the file and in its log. Somebody who is not there has no rows. `time`: now.
   */
  erase(user: string, time: number): ErasedRows {
    return this.#transact(() => {
      const rows = this.#eraser.erase(user, time, this.#ids, this.#events);
      this.#events.flush(this.#ids.next);
      return rows;
    });
  }

  /**
   * Writes the database anew from the rows that there are, without the events up to a position: of what was erased, no
   * copy stays that moving rows between pages has left. O(database); takes as much room again meanwhile.
   */
  scrub(upTo: number): ScrubbedEvents {
    return this.#translated(() => {
      const events = dropEvents(this.#database, upTo);
      this.#database.exec('VACUUM');
      return { events };
    });
  }

  /** Drops a piece of the events up to a position, few enough that writes hardly wait. Returns how many they were. */
  dropEvents(upTo: number): number {
    return this.#translated(() => dropEvents(this.#database, upTo, eventsPerDrop));
  }

  /**
   * Brings the log of the database in and empties its file, then takes the note of {@link erase} away. False when another
   * reader was in the way for as long as this waits for others.
   */
  emptyLog(): boolean {
    return this.#translated(() => {
      const [result] = this.#database.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      if (result!.busy !== 0) return false;
      this.#eraser.finish();
      return true;
    });
  }

  close(): void {
    this.#database.close();
  }

  #transact<Result>(work: () => Result): Result {
    const database = this.#database;
    return this.#translated(() => {
      try {
        database.exec('BEGIN IMMEDIATE');
        this.#takeNotice();
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        // Some errors, such as a full disk, have ended the transaction already.
        if (database.inTransaction) database.exec('ROLLBACK');
        this.#dataVersion = undefined;
        throw error;
      }
    });
  }

  #translated<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw asDataError(this.#folder, error);
    }
  }

  /** Whatever others have written, or a transaction of our own has not: ids and position are read anew. */
  #takeNotice(): void {
    const version = this.#selectDataVersion.get();
    if (version === this.#dataVersion) return;
    this.#events.restart();
    this.#saves.clear();
    this.#ids.restart();
    this.#dataVersion = version;
  }

  #do(request: WriteRequest): WriteOutcome {
    const before = this.#answers.find(request);
    if (before !== undefined) return before;
    const refused = refusalsOf(request.changes, this.#ids);
    if (refused.length > 0 && request.isWhole !== false) return { state: 'refused', refused };
    const outcome: WriteOutcome = { state: 'done', results: this.#makeAll(request, refused), refused };
    if (request.idempotency !== undefined) {
      this.#saves.flush();
      this.#answers.keep(request, outcome);
    }
    return outcome;
  }

  /** The results of saves come with the next flush. */
  #makeAll({ changes, time }: WriteRequest, refused: readonly RefusedChange[]): (ChangeResult | null)[] {
    const passedOver = new Set(refused.map(({ index }) => index));
    const results = Array<ChangeResult | null>(changes.length).fill(null);
    for (const [index, change] of changes.entries()) {
      if (passedOver.has(index)) continue;
      if (change.kind === 'save') this.#save(change, time, results, index);
      else results[index] = this.#make(change);
    }
    return results;
  }

  #make(change: Exclude<Change, SaveChange>): ChangeResult {
    if (change.kind === 'put') return this.#attributes.put(change, this.#ids);
    this.#saves.flush();
    return change.kind === 'unsave' ? this.#unsave(change) : this.#removePin(change.key);
  }

  #save(change: SaveChange, time: number, results: (ChangeResult | null)[], index: number): void {
    const { user, pin: pinKey, savedAt = time, weight = null } = change;
    const board = this.#ids.boardOf(change.board ?? user, user);
    const pin = this.#ids.pinOf(pinKey);
    this.#saves.add({ board, pin, savedAt, weight, results, index });
  }

  #unsave({ user, board, pin }: UnsaveChange): ChangeResult {
    const found = this.#ids.findBoard(board ?? user);
    const pinId = this.#ids.findPin(pin);
    if (found === undefined || pinId === undefined || found.owner !== user) return 'absent';
    if (this.#deleteSave.run(found.id, pinId).changes === 0) return 'absent';
    this.#events.add('save-gone', found.id, pinId);
    return 'removed';
  }

  #removePin(key: string): ChangeResult {
    const pin = this.#ids.findPin(key);
    if (pin === undefined) return 'absent';
    for (const board of this.#selectBoardsOf.all(pin)) this.#events.add('save-gone', board, pin);
    this.#deleteSavesOf.run(pin);
    this.#deletePin.run(pin);
    this.#events.add('pin-gone', pin, 0);
    this.#ids.forgetPin(key);
    return 'removed';
  }
}
