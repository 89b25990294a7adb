import SqliteDatabase from 'better-sqlite3';
import { DataError, messageOf } from '../errors.ts';

/** Why a setting was measured: to choose one, or to report the chosen one or a baseline on the test part. */
export type TrialPurpose = 'validation' | 'chosen' | 'baseline';

/** One measured setting. */
export interface Trial {
  /** Hash of everything that determines the metrics. */
  readonly key: string;
  readonly purpose: TrialPurpose;
  /** Hash of the saves and their split. */
  readonly split: string;
  /** The setting and its evaluation options, as JSON, for readers of the file. */
  readonly setting: string;
  /** The metrics, as JSON. */
  readonly figures: string;
  /** The deciding metric, by user. */
  readonly perUser: Float64Array;
  /** Measured, hence not reproducible, like the other times. */
  readonly msPerQueryP50: number;
  readonly msPerQueryP99: number;
  readonly seconds: number;
}

type Row = Omit<Trial, 'perUser'> & { readonly perUser: Buffer };

/** "pwsw": marks the file as results of a sweep. */
const applicationId = 0x70777377;
const busyTimeoutMs = 10_000;

const schema = `
  CREATE TABLE trials (
    key TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    split TEXT NOT NULL,
    asked TEXT NOT NULL,
    figures TEXT NOT NULL,
    perUser BLOB NOT NULL,
    msPerQueryP50 REAL NOT NULL,
    msPerQueryP99 REAL NOT NULL,
    seconds REAL NOT NULL
  ) STRICT, WITHOUT ROWID`;

/** The column `asked` keeps its first name, so that files of earlier versions stay readable. */
const columns =
  'key, purpose, split, asked AS setting, figures, perUser, msPerQueryP50, msPerQueryP99, seconds';

/** The results of sweeps, in an SQLite file. Each trial is committed when it completes, and never changes. */
export class TrialStore implements Disposable {
  readonly #database: SqliteDatabase.Database;

  private constructor(database: SqliteDatabase.Database) {
    this.#database = database;
  }

  /** Opens a file of results, and creates it if missing. Throws `results-unusable`. */
  static open(file: string): TrialStore {
    let database: SqliteDatabase.Database | undefined;
    try {
      database = new SqliteDatabase(file, { timeout: busyTimeoutMs });
      database.pragma('journal_mode = WAL');
      database.pragma('synchronous = FULL');
      prepare(database);
      return new TrialStore(database);
    } catch (cause) {
      database?.close();
      const fault = `cannot store results in ${file}: ${messageOf(cause)}; use another file (--results FILE)`;
      throw new DataError('results-unusable', fault, { cause });
    }
  }

  get(key: string): Trial | undefined {
    const row = this.#database.prepare<[string], Row>(`SELECT ${columns} FROM trials WHERE key = ?`).get(key);
    if (row === undefined) return undefined;
    // Copied, since the buffer may not be aligned to 8 bytes.
    return { ...row, perUser: new Float64Array(Uint8Array.from(row.perUser).buffer) };
  }

  /** Stores a trial unless its key exists (from another process, for example). Returns the stored one. */
  put(trial: Trial): Trial {
    const { buffer, byteOffset, byteLength } = trial.perUser;
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO trials VALUES
        (:key, :purpose, :split, :setting, :figures, :perUser, :msPerQueryP50, :msPerQueryP99, :seconds)`,
    );
    insert.run({ ...trial, perUser: Buffer.from(buffer, byteOffset, byteLength) });
    return this.get(trial.key)!;
  }

  /** Number of trials on a split for a purpose. */
  count(split: string, purpose: TrialPurpose): number {
    const query = 'SELECT count(*) FROM trials WHERE split = ? AND purpose = ?';
    return this.#database.prepare<[string, string], number>(query).pluck().get(split, purpose)!;
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Creates the schema in one transaction, so that an interrupted creation leaves an empty file. */
function prepare(database: SqliteDatabase.Database): void {
  const run = database.transaction(() => {
    if (database.pragma('application_id', { simple: true }) === applicationId) return;
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;
    if (!isEmpty) throw new Error('it is a database of another program');
    database.exec(schema);
    database.pragma(`application_id = ${applicationId}`);
  });
  run.immediate();
}
