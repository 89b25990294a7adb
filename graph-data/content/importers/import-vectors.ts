import { EngineError } from '../../../engine/base/index.ts';
import type { DataFolder } from '../../data-folder.ts';
import { ChangeLog, type Database, asDataError, openDatabase, readNextIds } from '../../database/index.ts';
import { DataError } from '../../errors.ts';
import {
  type FileOptions,
  assertFile,
  linesOf,
  openFile,
  openRecords,
  readNpy,
  roleOf,
  unknownColumns,
} from '../../import/index.ts';
import { VectorWriter, modelFault } from '../../writing/index.ts';
import { yieldToEventLoop } from '../../yield-to-event-loop.ts';

interface VectorImportOptions extends FileOptions {
  readonly name: string;
  readonly model: string;
  /** Keys of the pins, one a line, in the order of the rows: for .npy. */
  readonly keys?: string | undefined;
  /** Whether all vectors of the name are removed first. Default: false. */
  readonly replace?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((rows: number) => void) | undefined;
}

/** The result of an import of vectors. */
interface VectorReport {
  readonly read: number;
  readonly stored: number;
  readonly rejected: number;
  /** The first ten rejected rows. */
  readonly firstRejects: readonly { readonly row: number; readonly reason: string }[];
}

type KeyedVector = readonly [key: unknown, vector: unknown, fault?: string | undefined];

const firstRejectsMax = 10;
const rowsPerLook = 1_000;
/** Columns that hold vectors, beside one with the name of the vectors. */
const vectorColumns: ReadonlySet<string> = new Set(['vector', 'embedding', 'values']);
const namePattern = /^[a-z][a-z0-9-]{0,30}$/;

/**
 * Imports vectors of known pins in one transaction: from Parquet (lists), JSON lines (arrays), tables (JSON arrays), or .npy
 * beside a file of keys. Rows of unknown pins, and vectors that cannot be stored, are rejected. A running server rebuilds its graph
 * afterwards. Throws `import-too-many-rejects` if no row can be used, and the codes of an import for unreadable files.
 */
export async function importVectors(
  folder: DataFolder,
  files: readonly string[],
  options: VectorImportOptions,
): Promise<VectorReport> {
  if (!namePattern.test(options.name)) {
    throw unknownName(options.name);
  }
  const database = openDatabase(folder);
  try {
    database.exec('BEGIN IMMEDIATE');
    if (options.replace === true) removeNamed(database, options.name);
    const report = await storeAll(database, files, options);
    if (report.stored > 0 || options.replace === true) {
      new ChangeLog(database).appendBulk(1, readNextIds(database));
    }
    database.exec('COMMIT');
    return report;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw asDataError(folder, error);
  } finally {
    database.close();
  }
}

async function storeAll(
  database: Database,
  files: readonly string[],
  { name, model, signal, onProgress, ...options }: VectorImportOptions,
): Promise<VectorReport> {
  const writer = new VectorWriter(database);
  const idOf = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
  const firstRejects: { row: number; reason: string }[] = [];
  let [read, stored] = [0, 0];
  const store = ([key, value, unread]: KeyedVector): string | undefined => {
    if (unread !== undefined) return unread;
    const pin = typeof key === 'string' || typeof key === 'number' ? idOf.get(String(key)) : undefined;
    if (pin === undefined) return `there is no pin ${JSON.stringify(key)}`;
    const values = numbersOf(value);
    if (values === undefined) return 'its vector is no list of numbers';
    const fault = modelFault(name, { model, dims: values.length }, writer.modelOf(name));
    if (fault !== undefined) return fault;
    try {
      writer.put(pin, name, { model, values });
      return undefined;
    } catch (error) {
      if (error instanceof EngineError) return `its ${error.message.replace(': ', ' ')}`;
      throw error;
    }
  };
  for (const file of files) {
    for await (const row of rowsOf(file, name, options)) {
      const reason = store(row);
      read++;
      if (reason === undefined) stored++;
      else if (firstRejects.length < firstRejectsMax) firstRejects.push({ row: read, reason });
      if (read % rowsPerLook !== 0) continue;
      await yieldToEventLoop(signal);
      onProgress?.(read);
    }
  }
  if (stored === 0 && read > 0) {
    const [first] = firstRejects;
    const detail = `none of ${read} rows can be used, the first: row ${first!.row}: ${first!.reason}`;
    throw new DataError('import-too-many-rejects', `${detail}. Nothing was imported`);
  }
  return { read, stored, rejected: read - stored, firstRejects };
}

async function* rowsOf(
  file: string,
  name: string,
  { keys, ...options }: FileOptions & Pick<VectorImportOptions, 'keys'>,
): AsyncGenerator<KeyedVector> {
  assertFile(file);
  if (/\.npy$/i.test(file)) {
    if (keys === undefined) {
      throw new DataError('import-file-unreadable', `${file} has no keys: give a file of them, --keys FILE`);
    }
    yield* besideKeys(file, keys);
    return;
  }
  const reader = await openRecords(file, { ...options, onBytes: () => undefined });
  let [keyAt, vectorAt] = [-1, -1];
  for await (const records of reader.batches()) {
    if (keyAt < 0 || vectorAt < 0) {
      keyAt = reader.names.findIndex((each) => roleOf(each) === 'pin');
      vectorAt = reader.names.findIndex((each) => each === name || vectorColumns.has(each));
      if (keyAt < 0 || vectorAt < 0) {
        const fault = `none of its columns (${reader.names.join(', ')}) is a ${keyAt < 0 ? 'pin' : 'vector'}`;
        throw unknownColumns(file, fault, 'pin,vector');
      }
    }
    for (const { values, fault } of records) yield [values[keyAt], values[vectorAt], fault];
  }
}

async function* besideKeys(file: string, keys: string): AsyncGenerator<KeyedVector> {
  assertFile(keys);
  const vectors = readNpy(file);
  let count = 0;
  for await (const lines of linesOf(openFile(keys, () => undefined, undefined))) {
    for (const { text } of lines) {
      const next = vectors.next();
      if (next.done === true) throw unlike(keys, `more lines than ${file} has rows`);
      count++;
      yield [text.trim(), next.value];
    }
  }
  if (vectors.next().done !== true) throw unlike(keys, `${count} lines, fewer than ${file} has rows`);
}

/** A list of numbers, or its JSON text; undefined for anything else. */
function numbersOf(value: unknown): readonly number[] | undefined {
  let list = value;
  if (typeof value === 'string') {
    try {
      list = JSON.parse(value);
    } catch {
      return undefined;
    }
  }
  const numbers = ArrayBuffer.isView(list) ? Array.from(list as unknown as ArrayLike<number>) : list;
  const isList = Array.isArray(numbers) && numbers.every((each) => typeof each === 'number');
  return isList ? numbers : undefined;
}

function removeNamed(database: Database, name: string): void {
  database.prepare('DELETE FROM vectors WHERE name = (SELECT id FROM vector_names WHERE name = ?)').run(name);
  database.prepare('DELETE FROM vector_names WHERE name = ?').run(name);
}

function unlike(keys: string, fault: string): DataError {
  return new DataError('import-file-unreadable', `${keys} has ${fault}: give a key for each row`);
}

function unknownName(name: string): DataError {
  const fault = `"${name}" is no name of vectors: 1 to 31 small letters, digits and hyphens`;
  return new DataError('import-columns-unknown', fault);
}
