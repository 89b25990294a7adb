import { type Database, collectPinFields, isEmpty } from '../database/index.ts';

/**
 * Drops the indexes and triggers of a database without rows, so that a first import writes its tables alone: one sort per
 * index, at the end, is faster than one insert per row. A database with rows keeps them. Both calls belong to one transaction.
 */
export class LateIndexes {
  readonly #database: Database;
  readonly #dropped: readonly Dropped[];

  constructor(database: Database) {
    this.#database = database;
    this.#dropped = isEmpty(database) ? dropIndexesAndTriggers(database) : [];
  }

  /** Creates the dropped indexes and triggers, the text index and the known fields, which the triggers would have kept. */
  create(): void {
    if (this.#dropped.length === 0) return;
    this.#rebuildTexts();
    this.#database.exec(collectPinFields);
    this.createIndexes();
    this.createTriggers();
  }

  /** The first part of {@link create}, for a caller that fills the tables of nodes and the text index before the second one. */
  createIndexes(): void {
    // SQLite sorts in runs as large as its page cache. Runs that fit into the processor's cache are 2.6 times as
    // fast at 2 M saves, 3 times at 20 M, as runs of 256 MB. 2 MB takes 0.94 of the time of 1 MB (docs/perf-notes.md).
    if (this.#dropped.length > 0) this.#database.pragma('cache_size = -2000');
    this.#createAll('index');
  }

  createTriggers(): void {
    this.#createAll('trigger');
  }

  #createAll(type: Dropped['type']): void {
    for (const each of this.#dropped) if (each.type === type) this.#database.exec(each.sql);
  }

  /**
   * Merging all parts of the text index once, at the end, instead of some of them again and again takes 0.7 of the processor time for
   * 4 M pins (docs/perf-notes.md).
   */
  #rebuildTexts(): void {
    const set = (option: string, value: number): void => {
      this.#database.exec(`INSERT INTO pins_text (pins_text, rank) VALUES ('${option}', ${value})`);
    };
    set('automerge', 0);
    set('crisismerge', partsMax);
    this.#database.exec(`INSERT INTO pins_text (pins_text) VALUES ('rebuild'), ('optimize')`);
    set('automerge', mergeDefaults.automerge);
    set('crisismerge', mergeDefaults.crisismerge);
  }
}

/** FTS5 has 2,000 parts at most. */
const partsMax = 1_000;
/** FTS5's settings for later writes. */
const mergeDefaults = { automerge: 4, crisismerge: 16 };

interface Dropped {
  readonly type: 'index' | 'trigger';
  readonly name: string;
  /** The statement that creates it again. */
  readonly sql: string;
}

/** Drops all indexes but the primary keys, and all triggers. */
function dropIndexesAndTriggers(database: Database): Dropped[] {
  const dropped = database
    .prepare<[], Dropped>(
      `SELECT type, name, sql FROM sqlite_master
       WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid`,
    )
    .all();
  for (const { type, name } of dropped) database.exec(`DROP ${type} ${name}`);
  return dropped;
}
