import { availableParallelism } from 'node:os';
import { InvalidArgumentError } from 'commander';
import { openGraph } from '../../api/library/index.ts';
import { type BulkCounts, type Shard, bulkColumns, bulkRows } from '../../api/offline/bulk/index.ts';
import { type NodeKind, nodeNames } from '../../engine/index.ts';
import { DataError } from '../../graph-data/base/index.ts';
import { readNextIds } from '../../graph-data/database/index.ts';
import { tableFormatOf, writeTable } from '../../graph-data/table-files/index.ts';
import { print, printJson, printable, stoppable, thousands, timeLeft, warn } from '../output.ts';
import { countText } from '../reports/text/format.ts';
import { type QueryOptions, settingsOf } from './shared/query-options.ts';
import { UsageError, dataFolder } from './shared/options.ts';

/** The options of `recommend --all`, as commander returns them. */
export interface BulkFlags {
  readonly all?: true;
  readonly to?: string;
  readonly for?: NodeKind;
  readonly shard?: Shard;
  readonly threads?: number;
  readonly json?: true;
}

/** Recommends for all nodes of a kind, and writes the rows to a file, which appears complete or not at all. */
export async function recommendAll(options: QueryOptions & BulkFlags): Promise<void> {
  const { to: file, for: kind = 'users', shard: part = { part: 1, of: 1 } } = options;
  if (file === undefined) throw new UsageError('--all needs --to FILE, such as feeds.csv or feeds.parquet');
  const single = {
    '--pin': 'pin',
    '--board': 'board',
    '--user': 'user',
    '--weight': 'weight',
    '--why-not': 'whyNot',
  } as const;
  const named = Object.entries(single).find(([, name]) => options[name] !== undefined);
  if (named !== undefined) {
    throw new UsageError(`${named[0]} is for one query: leave it out, or leave out --all`);
  }
  // Before the graph is read, which takes long.
  tableFormatOf(file);
  const { root } = dataFolder(options);
  using graph = openGraph(root, { snapshot: options.snapshot, onWarning: warn });
  const request = graph.checked({ query: [{ [nodeNames[kind]]: '' }], ...settingsOf(options) });
  const counts: BulkCounts = { nodes: 0, empty: 0, unknown: 0 };
  const started = performance.now();
  const secondsSoFar = (): number => (performance.now() - started) / 1000;
  const rows = await stoppable(async (signal, progress) => {
    const onProgress = (done: number, total: number): void => {
      const left = timeLeft(secondsSoFar(), done / total);
      progress.report(
        'recommending',
        done / total,
        `${thousands(done)} of ${thousands(total)} ${kind}, ${left}`,
      );
    };
    const source = {
      dataFolder: root,
      snapshot: graph.snapshot,
      request,
      kind,
      time: Date.now(),
      nodesEnd: readNextIds(graph.store.database)[kind],
      shard: part,
      threads: options.threads ?? availableParallelism(),
      signal,
      onProgress,
    };
    const columns = bulkColumns(kind, request);
    try {
      return await writeTable({ file, columns, rows: bulkRows(source, counts), signal });
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new DataError('stopped', `stopped: ${file} was not written`, { cause: error });
    }
  });
  const seconds = secondsSoFar();
  if (options.json === true) {
    const { algorithm, randomSeed } = request;
    printJson({ file, rows, ...counts, algorithm, randomSeed, graphVersion: graph.version, seconds });
    return;
  }
  const speed = `${seconds.toFixed(1)} s, ${thousands(Math.round(rows / seconds))} rows per second`;
  print(
    `${printable(file)}: ${countText(rows, 'row')} for ${countText(counts.nodes, nodeNames[kind])} (${speed})`,
  );
  if (counts.empty > 0) print(`Nothing to recommend for ${countText(counts.empty, nodeNames[kind])}.`);
  if (counts.unknown > 0)
    print(`Not in the graph: ${countText(counts.unknown, nodeNames[kind])}; build it again.`);
}

/** Parses "2/8". */
export function shard(text: string): Shard {
  const [, part = NaN, of = NaN] = (/^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? []).map(Number);
  if (part >= 1 && part <= of) return { part, of };
  throw new InvalidArgumentError('Not a part such as 2/8: the second of eight.');
}
