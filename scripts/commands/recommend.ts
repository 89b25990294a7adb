import { Command, Option } from 'commander';
import { type RecommendationInput, type RecommendationResult, recommend } from '../../api/library/index.ts';
import { type BulkFlags, recommendAll, shard } from './recommend-all.ts';
import { UsageError, dataOption, integer, jsonOption, repeated } from './shared/options.ts';
import { print, printJson, printable } from '../output.ts';
import { type QueryOptions, requestOf, withGraph, withQuery } from './shared/query-options.ts';

export function recommendCommand(): Command {
  const command = new Command('recommend')
    .description('Run one query on the active snapshot, as POST /v1/recommendations does.')
    .addOption(dataOption());
  return withQuery(command)
    .option('--explain', 'add the reason for each pin')
    .option('--fields <names>', 'stored fields to include: title,url')
    .option(
      '--why-not <key>',
      'pin whose place, or cause of absence, to report; up to five',
      repeated(String),
    )
    .optionsGroup('For all of them, into a file:')
    .option('--all', 'recommend for every user, or as --for says, instead of one query')
    .option('--to <file>', 'file to write: .csv, .tsv, .jsonl (each also with .gz or .zst) or .parquet')
    .addOption(
      new Option('--for <kind>', 'whom to recommend for (default: users)').choices([
        'users',
        'boards',
        'pins',
      ]),
    )
    .option('--shard <i/n>', 'only the i-th of n equal parts, which follow each other', shard)
    .option('--threads <n>', 'worker threads (default: one per core)', integer(1, 256))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  pinwalk recommend --pin express --explain
  pinwalk recommend --all --to feeds.parquet --limit 50
  pinwalk recommend --all --for pins --to related.csv.gz --shard 1/4`,
    )
    .action(async (options: QueryOptions & BulkFlags & { json?: true }) => {
      if (options.all === true) {
        await recommendAll(options);
        return;
      }
      const flag = (['to', 'for', 'shard', 'threads'] as const).find((name) => options[name] !== undefined);
      if (flag !== undefined) throw new UsageError(`--${flag} needs --all`);
      const request = requestOf(options);
      const result = withGraph(options, (graph) => recommend(graph, request));
      if (options.json === true) printJson(result);
      else printResult(result, request);
    });
}

/** A line for each item: rank, key, score, then its requested fields and its reason. */
function printResult(
  { items, fallback, missing, whyNot = [] }: RecommendationResult,
  { fields: requested = [], filter }: RecommendationInput,
): void {
  const keys = items.map(({ pin, board, user }) => printable(pin ?? board ?? user ?? ''));
  const width = Math.max(...keys.map((key) => key.length), 0);
  for (const [i, { rank, score, visits, fields, reason }] of items.entries()) {
    const place = `${String(rank).padStart(4)}  ${keys[i]!.padEnd(width)}`;
    const visited = visits === undefined ? '' : `  ${visits} visits`;
    const why = reason === undefined ? '' : `  ${printable(reason.text)}`;
    print(`${place}  ${score.toPrecision(4)}${visited}${fieldsText(fields)}${why}`);
  }
  const absent = requested.filter((name) => !items.some(({ fields = {} }) => Object.hasOwn(fields, name)));
  if (items.length > 0 && absent.length > 0) print(`No item has a field ${printable(absent.join(', '))}.`);
  if (items.length === 0) {
    const cause = filter === undefined ? 'the query has no boards in this graph' : 'none passes the filter';
    print(`No recommendations: ${cause}.`);
  }
  if (fallback === 'cold-start') print('The query has no saves: these are popular pins.');
  for (const { pin, cause, text } of whyNot) print(`${printable(pin)}: ${text} (${cause})`);
  if (missing.length > 0) print(`Not in the graph: ${missing.map(printable).join(', ')}`);
}

/** `  title: Tomato  tags: ["red"]`: text as it is, other values as JSON. */
function fieldsText(fields: RecommendationResult['items'][number]['fields'] = {}): string {
  const texts = Object.entries(fields).map(([name, value]) => {
    return `  ${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return printable(texts.join(''));
}
