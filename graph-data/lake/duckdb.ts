import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBResult,
  DuckDBVector,
} from '@duckdb/node-api';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import type { Batch, ColumnType, LakeColumn, LakeEngine } from './engine.ts';

interface DuckdbOptions {
  /** Memory that DuckDB may use, such as "4GB". More goes to the temporary folder. */
  readonly memory: string;
  /** A folder for data that does not fit into memory, created when needed. */
  readonly tempFolder: string;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts DuckDB in this process. Throws `lake-engine-missing` if `@duckdb/node-api`, an optional package, is not installed.
 * `close` ends it; an aborted signal interrupts the running query, which then throws `stopped`.
 */
export async function openDuckdb(options: DuckdbOptions): Promise<LakeEngine> {
  const { DuckDBInstance: Instance } = await load();
  const { memory, tempFolder, threads, signal } = options;
  try {
    const instance = await Instance.create(':memory:', {
      memory_limit: memory,
      temp_directory: tempFolder,
      threads: String(threads),
      preserve_insertion_order: 'false',
      // Nothing is fetched from elsewhere: the package has everything that a build needs.
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    await connection.run(`SET GLOBAL TimeZone = 'UTC'`);
    return new Duckdb(instance, connection, signal);
  } catch (cause) {
    throw failed(cause);
  }
}

async function load(): Promise<{ DuckDBInstance: typeof DuckDBInstance }> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw failed(cause);
    throw new DataError(
      'lake-engine-missing',
      'a build from a lake needs DuckDB, which is not installed with pinwalk: npm install @duckdb/node-api (70 MB)',
      { cause },
    );
  }
}

interface Started {
  readonly connection: DuckDBConnection;
  readonly result: DuckDBResult;
}

class Duckdb implements LakeEngine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #open = new Set<DuckDBConnection>();
  /** Calls of DuckDB that have not settled. */
  readonly #running = new Set<Promise<unknown>>();
  readonly #signal: AbortSignal | undefined;
  readonly #interrupt = (): void => {
    for (const connection of this.#open) connection.interrupt();
  };

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, signal: AbortSignal | undefined) {
    this.#instance = instance;
    this.#connection = connection;
    this.#open.add(connection);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#interrupt);
  }

  async openParquet(relation: string, file: string): Promise<LakeColumn[]> {
    const pattern =
      existsSync(file) && statSync(file).isDirectory() ? path.join(file, '**', '*.parquet') : file;
    // Types are guessed by default, which would turn the key 007 of a path into 7.
    const options = 'hive_partitioning = true, hive_types_autocast = false, union_by_name = true';
    const query = `SELECT * FROM read_parquet('${pattern.replaceAll("'", "''")}', ${options})`;
    await this.createView(relation, query);
    const described = await this.rows(`DESCRIBE ${relation}`);
    return described.map(([name, type]) => ({
      name: name as string,
      type: typeOf(type as string),
      typeName: type as string,
    }));
  }

  milliseconds(timestamp: string): string {
    return `epoch_ms(${timestamp})`;
  }

  async createView(name: string, query: string): Promise<void> {
    await this.#run(`CREATE VIEW ${name} AS ${query}`);
  }

  async createTable(name: string, query: string): Promise<void> {
    await this.#run(`CREATE TABLE ${name} AS ${query}`);
  }

  async createNumbered(name: string, query: string, first: number): Promise<void> {
    const id = `CAST(row_number() OVER (ORDER BY key) + ${first - 1} AS INTEGER) AS id`;
    await this.createTable(name, `SELECT ${id}, key FROM (${query}) AS keys`);
  }

  async rows(query: string): Promise<unknown[][]> {
    const reader = await this.#run(query);
    const rows = await reader.getRows();
    return rows.map((row) => row.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
  }

  batches(query: string): AsyncGenerator<Batch> {
    const started = this.#start(query);
    // The reader of the batches gets the error, perhaps later.
    started.catch(() => {});
    return this.#read(started);
  }

  async writeIds(query: string, _texts: readonly string[], file: string): Promise<void> {
    const target = file.replaceAll("'", "''");
    await this.#run(`COPY (${query}) TO '${target}' (FORMAT parquet, COMPRESSION zstd)`);
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#interrupt);
    this.#interrupt();
    // Closing the connection of a running query, which no caller may await, crashes the process or keeps it from ending.
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    for (const connection of this.#open) connection.closeSync();
    this.#instance.closeSync();
  }

  /**
   * Each result is read on a connection of its own: another query on the same one would end it without an error, and its
   * other rows would be lost.
   */
  async #start(query: string): Promise<Started> {
    const connection = await this.#instance.connect();
    this.#open.add(connection);
    return { connection, result: await this.#guarded(() => connection.stream(query)) };
  }

  async *#read(started: Promise<Started>): AsyncGenerator<Batch> {
    const { connection, result } = await started;
    const fetch = (): Promise<DuckDBDataChunk | null> => {
      const fetched = this.#guarded(() => result.fetchChunk());
      // Whoever awaits it gets the error.
      fetched.catch(() => {});
      return fetched;
    };
    for (let next = fetch(); ;) {
      const chunk = await next;
      if (chunk === null || chunk.rowCount === 0) break;
      // DuckDB makes the next rows while the caller has these.
      next = fetch();
      const rows = chunk.rowCount;
      const columns = Array.from({ length: chunk.columnCount }, (_, i) =>
        valuesOf(chunk.getColumnVector(i), rows),
      );
      yield { rows, columns };
    }
    this.#open.delete(connection);
    connection.closeSync();
  }

  #run(sql: string): ReturnType<DuckDBConnection['run']> {
    return this.#guarded(() => this.#connection.run(sql));
  }

  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      if (this.#signal?.aborted === true) throw stoppedError();
      const running = work();
      this.#running.add(running);
      try {
        return await running;
      } finally {
        this.#running.delete(running);
      }
    } catch (cause) {
      throw this.#signal?.aborted === true ? stoppedError(cause) : failed(cause);
    }
  }
}

/** The error of DuckDB with its remedy. An error of the caller is returned unchanged. */
function failed(cause: unknown): unknown {
  if (cause instanceof DataError) return cause;
  // The lines after the first quote the SQL.
  const message = messageOf(cause).split('\n', 1)[0]!;
  if (/^(IO Error|Invalid Input Error|Conversion Error): /.test(message) && !message.includes('memory_limit'))
    return new DataError('import-file-unreadable', `cannot read the lake: ${message}`, { cause });
  const remedy = message.startsWith('Out of Memory Error')
    ? '; give it more memory (--lake-memory), or free disk space in its folder (--lake-temp)'
    : '';
  return new DataError('lake-engine-failed', `DuckDB: ${message}${remedy}`, { cause });
}

/** Integers with a sign or without, and decimals without a fraction, as warehouses write ids. */
const integerType = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL\(\d+,0\))$/;

function typeOf(name: string): ColumnType {
  if (name === 'VARCHAR') return 'text';
  if (integerType.test(name)) return 'integer';
  if (/^(FLOAT|DOUBLE|DECIMAL.*)$/.test(name)) return 'number';
  return /^(TIMESTAMP|DATE)/.test(name) ? 'timestamp' : 'other';
}

function valuesOf(vector: DuckDBVector, rows: number): Batch['columns'][number] {
  const { items } = vector as { items?: unknown };
  if (items instanceof Int32Array || items instanceof Float64Array) return items.subarray(0, rows);
  return Array.from({ length: rows }, (_, i) => vector.getItem(i) as string);
}
