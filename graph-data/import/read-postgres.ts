import type { Readable } from 'node:stream';
import type { Client, QueryConfig } from 'pg';
import type * as Pg from 'pg';
import type * as PgCopyStreams from 'pg-copy-streams';
import { DataError, messageOf, stoppedError } from '../errors.ts';
import type { FileRecord, RecordReader } from './file-record.ts';
import type { ReadOptions } from './file-options.ts';
import { readHeader } from './header.ts';
import type { FileSource } from './import-files.ts';
import { shownAddress } from './postgres-address.ts';
import { converterOf } from './postgres-values.ts';
import { DelimitedReader } from './read-delimited.ts';
import { linesOf } from './read-lines.ts';

/** Queries of a Postgres database, each a source of rows as a file is. */
interface PostgresQueries {
  readonly sources: readonly FileSource[];
  /** Ends the connection, and with it a query that runs. */
  readonly close: () => Promise<void>;
}

interface Column {
  readonly name: string;
  readonly convert: ((text: string) => unknown) | undefined;
}

const connectMsMax = 10_000;

/**
 * Connects to a database and checks all queries, without running them. Their rows are of one moment: a read-only transaction of the
 * isolation level "repeatable read" lasts until `close`. Rows arrive by COPY, as they are read.
 *
 * User, password, and what else the address leaves out, come from the variables of libpq (PGUSER, PGPASSWORD, PGHOST …) or `~/.pgpass`; no
 * message contains them. Throws `package-missing` without the optional packages, `import-file-unreadable` with the server's message if the
 * database or a query cannot be used, and `stopped` if the signal is aborted, which also ends a query that runs.
 */
export async function openPostgres(
  address: string,
  queries: readonly string[],
  signal?: AbortSignal,
): Promise<PostgresQueries> {
  const database = shownAddress(address);
  const packages = await loadPackages();
  const connection = new Connection(packages, database, address, signal);
  try {
    await connection.open();
    const sources: FileSource[] = [];
    for (const [i, text] of queries.entries()) {
      const name = queries.length === 1 ? database : `${database}#${i + 1}`;
      sources.push(await connection.source(name, text));
    }
    return { sources, close: () => connection.close() };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

type Packages = readonly [
  pg: Pick<typeof Pg, 'Client' | 'types'>,
  copy: typeof PgCopyStreams,
  findPassword: FindPassword,
];

/** The password of a connection in `~/.pgpass`, or the file that PGPASSFILE names. */
type FindPassword = (
  connection: Pick<Client, 'host' | 'port' | 'database' | 'user'>,
  found: (password: string | undefined) => void,
) => void;

/** A package without types. */
const pgpass: string = 'pgpass';

async function loadPackages(): Promise<Packages> {
  try {
    const [pg, copy, passwords] = await Promise.all([
      import('pg'),
      import('pg-copy-streams'),
      import(pgpass) as Promise<{ readonly default: FindPassword }>,
    ]);
    return [pg.default, copy, passwords.default];
  } catch (cause) {
    throw new DataError(
      'package-missing',
      'an import from Postgres needs packages that are not installed with pinwalk: npm install pg pg-copy-streams pgpass',
      { cause },
    );
  }
}

class Connection {
  readonly #packages: Packages;
  readonly #database: string;
  readonly #client: Client;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = (): void => void this.close();

  constructor(packages: Packages, database: string, address: string, signal: AbortSignal | undefined) {
    this.#packages = packages;
    this.#database = database;
    this.#signal = signal;
    const [{ Client: PostgresClient }, , findPassword] = packages;
    this.#client = new PostgresClient({
      connectionString: address,
      connectionTimeoutMillis: connectMsMax,
      keepAlive: true,
      application_name: 'pinwalk import',
    });
    const password = async (): Promise<string> =>
      // Without one, an empty text: the server refuses it with a message of its own.
      new Promise((resolve) => findPassword(this.#client, (found = '') => resolve(found)));
    // Not by the options, where the address prevails, which has none.
    if (process.env['PGPASSWORD'] === undefined) Object.assign(this.#client, { password });
    // The query that runs, or the next one, fails with it.
    this.#client.on('error', () => {});
    signal?.addEventListener('abort', this.#abort);
  }

  async open(): Promise<void> {
    await this.#guarded(this.#database, async () => {
      await this.#client.connect();
      await this.#client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      for (const setting of [`TimeZone = 'UTC'`, `DateStyle = 'ISO, YMD'`, `extra_float_digits = 1`])
        await this.#client.query(`SET LOCAL ${setting}`);
    });
  }

  /** Names and types of the query's columns. */
  async source(name: string, text: string): Promise<FileSource> {
    const query = text.replace(/[;\s]+$/, '');
    const before = 'SELECT * FROM (';
    // A comment may end the query. The extended protocol refuses several statements.
    const description: QueryConfig & { readonly queryMode: 'extended' } = {
      text: `${before}${query}\n) AS pinwalk LIMIT 0`,
      queryMode: 'extended',
    };
    const { fields } = await this.#guarded(name, async () => this.#client.query(description), {
      query,
      offset: before.length,
    });
    const [{ types }] = this.#packages;
    const columns = fields.map(({ name: column, dataTypeID }) => ({
      name: column,
      convert: converterOf(
        dataTypeID,
        (oid) => types.getTypeParser(oid, 'text') as (each: string) => unknown,
      ),
    }));
    return { file: name, isRemote: true, open: async (options) => this.#open(name, query, columns, options) };
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort);
    // The transaction was only read from: it ends with the connection.
    await this.#client.end().catch(() => {});
  }

  #open(name: string, query: string, columns: readonly Column[], options: ReadOptions): RecordReader {
    const values = columns.map((column) => column.name);
    const header = { columns: options.columns, header: true, anyNames: true } as const;
    const { names } = readHeader(name, [{ line: 0, text: '', values }], header);
    return { names, isTyped: true, batches: () => this.#records(name, query, columns, options) };
  }

  async *#records(
    name: string,
    query: string,
    columns: readonly Column[],
    { onBytes }: ReadOptions,
  ): AsyncGenerator<FileRecord[]> {
    const reader = new DelimitedReader({ delimiter: ',', hasQuotes: true });
    const before = 'COPY (';
    // Without quotes, spaces around a text would be lost, and NULL alone in a row would be an empty line.
    const sql = `${before}${query}\n) TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *, NULL ' ')`;
    let rows = 0;
    const converted = (records: Iterable<FileRecord>): FileRecord[] =>
      Array.from(records, (record) => ({ ...convert(record, columns), line: ++rows }));
    try {
      const [, { to }] = this.#packages;
      const stream: Readable = this.#client.query(to(sql));
      for await (const lines of linesOf(counted(stream, onBytes))) yield converted(reader.push(lines));
      yield converted(reader.end());
    } catch (cause) {
      throw this.#failed(name, cause, { query, offset: before.length });
    }
  }

  async #guarded<Result>(
    name: string,
    work: () => Promise<Result>,
    sent?: { readonly query: string; readonly offset: number },
  ): Promise<Result> {
    try {
      if (this.#signal?.aborted === true) throw stoppedError();
      return await work();
    } catch (cause) {
      throw this.#failed(name, cause, sent);
    }
  }

  #failed(
    name: string,
    cause: unknown,
    sent?: { readonly query: string; readonly offset: number },
  ): DataError {
    if (cause instanceof DataError) return cause;
    if (this.#signal?.aborted === true) return stoppedError(cause);
    // Without the cause: the errors of the client may contain the address.
    return new DataError('import-file-unreadable', `cannot read ${name}: ${reasonOf(cause, sent)}`);
  }
}

async function* counted(chunks: Readable, onBytes: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const chunk of chunks as AsyncIterable<Buffer>) {
    onBytes(chunk.length);
    yield chunk;
  }
}

function convert(record: FileRecord, columns: readonly Column[]): FileRecord {
  const { values, fault } = record;
  if (fault !== undefined) return record;
  if (values.length !== columns.length)
    return { ...record, fault: `${values.length} fields, not ${columns.length}` };
  return {
    ...record,
    values: columns.map(({ convert: to }, i) => {
      const text = values[i] as string;
      return text === '' || to === undefined ? text : to(text);
    }),
  };
}

interface ServerError extends Error {
  readonly code?: string;
  readonly position?: string;
  readonly hint?: string;
  readonly detail?: string;
  readonly errors?: readonly Error[];
}

/** The server's message with its place in the query, or what prevented the connection, with the remedy. */
function reasonOf(cause: unknown, sent?: { readonly query: string; readonly offset: number }): string {
  const { code, position, hint, detail, errors } = cause as ServerError;
  // Of an address with several hosts, or a name with several addresses.
  const message = errors?.[0] === undefined ? messageOf(cause) : messageOf(errors[0]);
  if (code === '28P01' || /client password must be a/.test(message))
    return `${message}; set PGPASSWORD or write the password to ~/.pgpass`;
  const at = Number(position) - 1 - (sent?.offset ?? 0);
  const where = sent !== undefined && at >= 0 && at <= sent.query.length ? placeIn(sent.query, at) : '';
  return [`${message}${where}`, detail, hint].filter((part) => part !== undefined).join('. ');
}

/** The position counts characters, not UTF-16 units. */
function placeIn(query: string, at: number): string {
  const lines = Array.from(query).slice(0, at).join('').split('\n');
  return ` (line ${lines.length}, column ${Array.from(lines.at(-1)!).length + 1} of the query)`;
}
