import { type FileSource, isPostgresAddress, openPostgres } from '../../../graph-data/import/index.ts';
import type { FileFlags } from './file-options.ts';
import { UsageError } from './options.ts';

export interface DatabaseQueries {
  readonly address: string;
  readonly queries: readonly string[];
}

/** The database among the arguments of an import, with its queries; undefined if there is none. */
export function databaseOf(
  files: readonly string[],
  queries: readonly string[] | undefined,
  flags: FileFlags,
): DatabaseQueries | undefined {
  const [address, another] = files.filter(isPostgresAddress);
  if (address === undefined) {
    if (queries !== undefined) throw new UsageError('--query needs the address of a database: postgres://…');
    return undefined;
  }
  if (another !== undefined) throw new UsageError('an import reads from one database');
  if (queries === undefined)
    throw new UsageError(
      'a database needs a query: --query "SELECT customer_id AS user, product_id AS pin FROM likes"',
    );
  const { format, header, delimiter, encoding, skip } = flags;
  const given = Object.entries({ format, header, delimiter, encoding, skip });
  const [ofFiles] = files.length > 1 ? [] : given.filter(([, value]) => value !== undefined);
  if (ofFiles !== undefined) throw new UsageError(`--${ofFiles[0]} is for files, not for a database`);
  return { address, queries };
}

/** Runs `work` with the files and, in the place of the address, the queries of the database. */
export async function withQueries<Result>(
  files: readonly string[],
  { address, queries }: DatabaseQueries,
  signal: AbortSignal,
  work: (sources: readonly (string | FileSource)[]) => Promise<Result>,
): Promise<Result> {
  const database = await openPostgres(address, queries, signal);
  try {
    return await work(
      files.flatMap<string | FileSource>((file) => (file === address ? database.sources : [file])),
    );
  } finally {
    await database.close();
  }
}
