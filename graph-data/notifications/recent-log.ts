import SqliteDatabase from 'better-sqlite3';
import { numberOfKey } from '../../engine/random/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type Database } from '../database/index.ts';
import { dayOf, readInteractionsFrom } from '../interactions/index.ts';

/** A person's recent impressions and actions. */
interface PersonLog {
  /** Numbers of the keys of pins that they were shown or acted on, by `numberOfKey`; the latest {@link pinsMax}. */
  readonly pins: readonly number[];
  /** Times of their visits, ascending: quarters of an hour in which they saw or did anything that no notification had brought. Milliseconds since 1970. */
  readonly visits: readonly number[];
}

/** Clocks of all zones show the same hour throughout one. */
const quarterMs = 900_000;
/** Pins of a person that are left out. */
const pinsMax = 5_000;
/** Actions on a notification that train the planner. Opens do not: mail proxies load their images unseen. */
const notificationActions = new Set(['click', 'save']);
const notificationSurface = 'notification-';
/** Memory for its pages; further pages lie in an unnamed file that ends with the process. */
const cacheKb = 64 * 1_024;

/**
 * The interactions of some days up to a time, by person: the log lies by day. One pass over the log, into an unnamed temporary database, so that
 * memory depends on neither people nor rows. Only of people whom `isWanted` wants, by `numberOfKey`.
 */
export class RecentLog {
  readonly #database: Database;
  readonly #selectPins;
  readonly #selectVisits;
  readonly #selectActed;

  constructor(folder: DataFolder, from: number, until: number, isWanted: (user: number) => boolean) {
    const database = new SqliteDatabase('');
    this.#database = database;
    database.pragma(`cache_size = -${cacheKb}`);
    database.pragma('journal_mode = OFF');
    database.pragma('temp_store = FILE');
    database.exec(`
      CREATE TABLE seen (user INTEGER, at INTEGER, pin INTEGER);
      CREATE TABLE visits (user INTEGER, at INTEGER);
      CREATE TABLE acted (id TEXT PRIMARY KEY) WITHOUT ROWID;
      BEGIN;
    `);
    const [seen, visit, act] = [
      database.prepare('INSERT INTO seen VALUES (?, ?, ?)'),
      database.prepare('INSERT INTO visits VALUES (?, ?)'),
      database.prepare('INSERT OR IGNORE INTO acted VALUES (?)'),
    ];
    for (const { user, pin, at, kind, surface = '', recommendationId } of readInteractionsFrom(
      folder,
      dayOf(from),
    )) {
      const person = numberOfKey(user);
      if (at < from || at >= until || !isWanted(person)) continue;
      if (pin !== undefined) seen.run(person, at, numberOfKey(pin));
      if (!surface.startsWith(notificationSurface)) visit.run(person, Math.floor(at / quarterMs) * quarterMs);
      else if (recommendationId !== undefined && notificationActions.has(kind)) act.run(recommendationId);
    }
    database.exec(`
      COMMIT;
      CREATE INDEX seen_by_user ON seen (user, at, pin);
      CREATE INDEX visits_by_user ON visits (user, at);
    `);
    this.#selectPins = database
      .prepare<[number], number>(`SELECT pin FROM seen WHERE user = ? ORDER BY at DESC, pin LIMIT ${pinsMax}`)
      .pluck();
    this.#selectVisits = database
      .prepare<[number], number>('SELECT DISTINCT at FROM visits WHERE user = ? ORDER BY at')
      .pluck();
    this.#selectActed = database.prepare<[string]>('SELECT 1 FROM acted WHERE id = ?');
  }

  /** Some tens of microseconds. */
  of(user: string): PersonLog {
    const person = numberOfKey(user);
    return { pins: this.#selectPins.all(person), visits: this.#selectVisits.all(person) };
  }

  /** Whether a notification brought a click or a save. */
  hasActed(id: string): boolean {
    return this.#selectActed.get(id) !== undefined;
  }

  /** The visits of everybody, by person. O(rows). */
  *visits(): Generator<readonly [user: number, at: number]> {
    yield* this.#database
      .prepare<[], [number, number]>(
        'SELECT DISTINCT user, at FROM visits INDEXED BY visits_by_user ORDER BY user, at',
      ) // prettier-ignore
      .raw()
      .iterate();
  }

  close(): void {
    this.#database.close();
  }
}
