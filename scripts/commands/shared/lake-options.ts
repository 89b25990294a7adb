import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DataFolder } from '../../../graph-data/base/index.ts';
import { type LakeReport, importLake } from '../../../graph-data/lake/index.ts';
import type { SavesInMemory } from '../../../graph-data/snapshot/index.ts';
import { stoppable, thousands } from '../../output.ts';
import { UsageError, integer } from './options.ts';

/** The options of {@link withLakeOptions}, as commander returns them. */
export interface LakeFlags {
  from?: string;
  ids?: string;
  columns?: string;
  maxRejects?: number;
  lakeMemory?: string;
  lakeTemp?: string;
  spark?: string;
  sparkHome?: string;
}

/** Adds the options of a build from Parquet files. */
export function withLakeOptions(command: Command): Command {
  return command
    .option(
      '--from <lake>',
      'first import saves from Parquet by DuckDB: a file, a folder, a pattern (docs/scaling.md)',
    )
    .option('--ids <dir>', 'of --from: the id table, which gives keys the same ids in every data folder')
    .option('--columns <names>', 'of --from: columns with other names (user=customer,pin=sku)')
    .option(
      '--max-rejects <n>',
      'of --from: import nothing if more rows than this are invalid (default: 90 %)',
      integer(0),
    )
    .option('--lake-memory <size>', 'of --from: memory of DuckDB (default: 4GB)', memorySize)
    .option(
      '--lake-temp <dir>',
      'of --from: folder for data that does not fit into memory (default: the data folder)',
    )
    .option('--spark <address>', 'of --from: Spark Connect instead of DuckDB, such as 127.0.0.1:15002')
    .addOption(
      new Option('--spark-home <dir>', 'of --spark: the folder of its installation').env('SPARK_HOME'),
    );
}

function memorySize(text: string): string {
  if (/^\d+(\.\d+)? ?[kmgt]i?b$/i.test(text)) return text;
  throw new InvalidArgumentError('Not a size such as 4GB or 512MB.');
}

/** Imports the lake if the flags name one. Throws a {@link UsageError} if they have its options without it. */
export async function runLake(
  folder: DataFolder,
  flags: LakeFlags,
  keep: (saves: SavesInMemory) => void,
): Promise<LakeReport | undefined> {
  const { from, ids, columns, maxRejects, lakeMemory, lakeTemp, spark, sparkHome: home } = flags;
  if (from === undefined) {
    const names = {
      ids,
      columns,
      'max-rejects': maxRejects,
      'lake-memory': lakeMemory,
      'lake-temp': lakeTemp,
      spark,
    };
    const given = Object.entries(names).find(([, value]) => value !== undefined);
    if (given !== undefined) throw new UsageError(`--${given[0]} is for --from`);
    return undefined;
  }
  if (spark !== undefined && home === undefined)
    throw new UsageError('--spark needs the folder of its installation: --spark-home, or SPARK_HOME');
  return stoppable((signal, progress) =>
    importLake(folder, from, {
      idTable: ids,
      columns: columns?.split(','),
      maxRejects,
      keep,
      memory: lakeMemory,
      tempFolder: lakeTemp,
      ...(spark !== undefined && home !== undefined && { spark: { address: spark, home } }),
      signal,
      onProgress: ({ doing, done, total }) =>
        progress.report(
          doing,
          total === 0 ? undefined : done / total,
          done === 0 ? '' : `${thousands(done)} rows`,
        ),
    }),
  );
}

/** The report as lines. */
export function lakeText(report: LakeReport): string[] {
  const { read, new: added, duplicate, rejected, reasons, rejectsFile, ignoredColumns } = report;
  return [
    `${thousands(read)} rows read, ${thousands(added)} new, ${thousands(duplicate)} duplicate, ` +
      `${thousands(rejected)} rejected`,
    ...reasons.map(({ reason, rows }) => `  ${thousands(rows)}: ${reason}`),
    ...(rejectsFile === undefined ? [] : [`  all rejected rows: ${rejectsFile}`]),
    ...(ignoredColumns.length === 0 ? [] : [`  columns not used: ${ignoredColumns.join(', ')}`]),
  ];
}
