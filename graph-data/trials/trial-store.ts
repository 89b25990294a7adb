import SqliteDatabase from 'better-sqlite3';
import { DataError, messageOf } from '../errors.ts';

/** What a trial was for: to choose, or to report on the test part. */
export type TrialPurpose = 'validation' | 'chosen' | 'baseline';

/** One setting, measured. */
export interface Trial {
  /** Hash of everything that determines the figures. */
  readonly key: string;
  readonly purpose: TrialPurpose;
  /** Hash of the saves and their split. */
  readonly split: string;
  /** The setting and how it was asked, as JSON: for people who look into the file. */
  readonly asked: string;
  /** Figures as JSON. */
  readonly figures: string;
  /** The figure that decides, of each user. */
  readonly perUser: Float64Array;
  /** Measured, so another time would give other values. */
  readonly msPerQueryP50: number;
  readonly msPerQueryP99: number;
  readonly seconds: number;
}

type Row = Omit<Trial, 'perUser'> & { readonly perUser: Buffer };

/** "pwsw", which marks the file as results of ours. */
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

/** The results of sweeps: a SQLite file of their own. Each trial is committed as it is done, and never changed. */
export class TrialStore implements Disposable {
  readonly #database: SqliteDatabase.Database;

  private constructor(database: SqliteDatabase.Database) {
    this.#database = database;
  }

  /** Opens a file of results, made when it is missing. Throws `results-unusable`. */
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
      const remedy = 'name another one with --results FILE';
      throw new DataError(
        'results-unusable',
        `cannot keep results in ${file}: ${messageOf(cause)}; ${remedy}`,
        {
          cause,
        },
      );
    }
  }

  get(key: string): Trial | undefined {
    const row = this.#database.prepare<[string], Row>('SELECT * FROM trials WHERE key = ?').get(key);
    if (row === undefined) return undefined;
    // A copy, since the bytes of a buffer need not begin at a multiple of 8.
    return { ...row, perUser: new Float64Array(Uint8Array.from(row.perUser).buffer) };
  }

  /** Keeps a trial, unless one of its key is there (of another process, say); answers the one that is kept. */
  put(trial: Trial): Trial {
    const { buffer, byteOffset, byteLength } = trial.perUser;
    const insert = this.#database.prepare(
      `INSERT OR IGNORE INTO trials VALUES
        (:key, :purpose, :split, :asked, :figures, :perUser, :msPerQueryP50, :msPerQueryP99, :seconds)`,
    );
    insert.run({ ...trial, perUser: Buffer.from(buffer, byteOffset, byteLength) });
    return this.get(trial.key)!;
  }

  /** How many settings were asked on this split for that purpose. */
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

/** In one transaction: a file that was killed in the middle is empty, and made again. */
function prepare(database: SqliteDatabase.Database): void {
  const run = database.transaction(() => {
    if (database.pragma('application_id', { simple: true }) === applicationId) return;
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_master').get() === undefined;
    if (!isEmpty) throw new Error('it is a database of another kind');
    database.exec(schema);
    database.pragma(`application_id = ${applicationId}`);
  });
  run.immediate();
}
