import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { type Database, type GraphCounts, readCounts, readOrigin } from '../database/index.ts';
import { partialSuffix, removeLeftovers } from '../durable-files.ts';
import { DataError } from '../errors.ts';
import {
  type FileColumns,
  RejectsFile,
  assertFile,
  inImportTransaction,
  isPostgresAddress,
  pairOf,
} from '../import/index.ts';
import type { SavesInMemory } from '../snapshot/index.ts';
import { openDuckdb } from './duckdb.ts';
import type { LakeEngine } from './engine.ts';
import { fillDatabase } from './fill-database.ts';
import { openKnownIds, writeIdTable } from './known-ids.ts';
import {
  checkedSavesSql,
  claimsSql,
  countedSavesSql,
  lakeColumns,
  lakeKinds,
  newKeysSql,
  ownersSql,
  relations,
  seenKeysSql,
  usedIdsSql,
} from './lake-sql.ts';
import { openSpark } from './spark.ts';
import { type RejectReason, assertFewRejected, countRejected, writeRejected } from './rejected-rows.ts';

interface LakeOptions {
  /** Columns of roles with other names: `['user=customer', 'pin=sku']`. Default: by the names that imports know. */
  readonly columns?: readonly string[] | undefined;
  /** A folder with the id table, created if it is missing. Default: ids are those of the database alone. */
  readonly idTable?: string | undefined;
  /** Rejected rows at most; more stop the import. Default: 90 % of the rows. */
  readonly maxRejects?: number | undefined;
  /** Spark instead of DuckDB: the address of a Spark Connect server, and the folder of its installation. */
  readonly spark?: { readonly address: string; readonly home: string } | undefined;
  /** Memory of DuckDB, such as "4GB" (the default). SQLite and Node take up to 1 GB more. */
  readonly memory?: string | undefined;
  /** A folder for data that does not fit into the engine's memory. Default: in the data folder. */
  readonly tempFolder?: string | undefined;
  /** Called with the saves of a first load, for a build right after it: {@link BuildOptions.saves}. */
  readonly keep?: ((saves: SavesInMemory) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LakeProgress) => void) | undefined;
}

interface LakeProgress {
  readonly doing: 'checking rows' | 'numbering keys' | 'writing keys' | 'writing saves' | 'indexing';
  /** Rows done of the present step, and of all of them; both 0 where the engine does not say. */
  readonly done: number;
  readonly total: number;
}

/** What an import from a lake did. `read` = `new` + `duplicate` + `rejected`. */
export interface LakeReport {
  readonly read: number;
  /** Saves that are new in the database. */
  readonly new: number;
  /** Rows that repeat a save of the lake or of the database. */
  readonly duplicate: number;
  readonly rejected: number;
  /** Numbers of rejected rows by reason. */
  readonly reasons: readonly RejectReason[];
  /** File of the rejected rows, each with its reason. */
  readonly rejectsFile?: string;
  readonly ignoredColumns: readonly string[];
  /** Row counts of the database. */
  readonly graph: GraphCounts;
}

const marker = 'lake.';

/** Deletes what killed builds have left in a folder for temporary files: keys of people may be in it. */
export function removeLakeLeftovers(folder: string): void {
  removeLeftovers(folder, false, marker);
}

/**
 * Imports the saves of a lake, Parquet files, into the data folder's database in one transaction: DuckDB checks, numbers, joins
 * and sorts, SQLite takes sorted rows. The result is that of `importFiles` with two differences: new keys get ids in the order of their bytes, and a
 * board belongs to the user of its first save in time. Whatever interrupts it, the database stays as it was.
 *
 * O(n log n) for n rows; the engine's memory is bounded, and what exceeds it goes to a folder, as large as the keys and
 * rows. Throws `lake-engine-missing`, `lake-engine-failed`, `lake-ids-unusable`, `lake-too-large`, `import-file-unreadable`,
 * `import-columns-unknown`, `import-too-many-rejects`, and `stopped` if the signal is aborted.
 */
export async function importLake(
  folder: DataFolder,
  lake: string,
  options: LakeOptions = {},
): Promise<LakeReport> {
  assertLocal(lake);
  const parent = options.tempFolder ?? folder.root;
  removeLakeLeftovers(parent);
  removeLeftovers(folder.rejects);
  const tempFolder = path.join(parent, `${marker}${process.pid}${partialSuffix}`);
  const rejects = new RejectsFile(folder, lake, 0);
  const engine = await openEngine(tempFolder, options);
  try {
    return await inImportTransaction(folder, false, async (database) =>
      importWith(engine, database, lake, rejects, tempFolder, options),
    );
  } catch (error) {
    if (!(error instanceof DataError && error.code === 'import-too-many-rejects')) throw error;
    throw new DataError(
      error.code,
      `${error.message} Nothing was imported; the rows are in ${rejects.keep()}`,
    );
  } finally {
    rejects.discard();
    await engine.close();
    rmSync(tempFolder, { recursive: true, force: true });
  }
}

function openEngine(tempFolder: string, { spark, memory = '4GB', signal }: LakeOptions): Promise<LakeEngine> {
  if (spark !== undefined) return openSpark({ ...spark, tempFolder, signal });
  return openDuckdb({ memory, tempFolder, threads: availableParallelism(), signal });
}

async function importWith(
  engine: LakeEngine,
  database: Database,
  lake: string,
  rejects: RejectsFile,
  tempFolder: string,
  options: LakeOptions,
): Promise<LakeReport> {
  const { idTable, signal, maxRejects, keep, onProgress } = options;
  const report = (doing: LakeProgress['doing'], done = 0, total = 0): void =>
    onProgress?.({ doing, done, total });
  report('checking rows');
  const { ignored } = await openSaves(engine, lake, options.columns);
  const nextIds = await openKnownIds(engine, database, idTable, tempFolder);
  await engine.createTable(relations.claims, claimsSql);
  await engine.createTable(relations.owners, ownersSql);
  const counted = await countRejected(engine);
  await writeRejected(engine, counted, rejects);
  assertFewRejected(lake, counted, maxRejects);
  report('numbering keys');
  const { read, rejected, reasons, strangers } = counted;
  await engine.createView(relations.counted, countedSavesSql(rejected > strangers, strangers > 0));
  for (const kind of lakeKinds) {
    await engine.createTable(`seen_${kind}`, seenKeysSql(kind));
    await engine.createNumbered(`new_${kind}`, newKeysSql(kind), nextIds[kind]);
    await engine.createTable(`used_${kind}`, usedIdsSql(kind));
  }
  if (idTable !== undefined) await writeIdTable(engine, idTable);
  const used = read - rejected;
  const { added, boardToPin } = await fillDatabase(engine, database, {
    rows: used,
    tempFolder,
    signal,
    onProgress: (doing, done) => report(doing, done, doing === 'writing keys' ? 0 : used),
  });
  if (boardToPin !== undefined && added > 0) keep?.({ boardToPin, origin: readOrigin(database) });
  return {
    read,
    new: added,
    duplicate: used - added,
    rejected,
    reasons,
    ignoredColumns: ignored,
    graph: readCounts(database),
    ...(rejected > 0 && { rejectsFile: rejects.keep()! }),
  };
}

/** Makes the relation of checked rows. */
async function openSaves(
  engine: LakeEngine,
  lake: string,
  columns: readonly string[] | undefined,
): Promise<FileColumns> {
  const found = await engine.openParquet(relations.lake, lake);
  const renamed = new Map(
    (columns ?? []).map((column) => pairOf(lake, column)).map(([role, name]) => [name, role]),
  );
  const roles = lakeColumns(lake, found, renamed);
  await engine.createView(relations.checked, checkedSavesSql(roles, found, engine));
  return roles;
}

function assertLocal(lake: string): void {
  const [, scheme] = /^(\w+):\/\//.exec(lake) ?? [];
  if (scheme === undefined || isPostgresAddress(lake)) {
    if (!lake.includes('*')) assertFile(lake);
    return;
  }
  throw new DataError(
    'import-file-unreadable',
    `${lake}: a lake is read from files of this machine, not over ${scheme}; copy it here or mount it`,
  );
}
