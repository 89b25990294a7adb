import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type RecommendationInput, openGraph } from '../../api/library/index.ts';
import {
  type NamedSettings,
  assertUsers,
  compare,
  namesModel,
  offlineModels,
  readNamedSplits,
} from '../../api/offline/evaluate/index.ts';
import { type AccuracyMetric, accuracyMetrics, nodeCount, settingNames } from '../../engine/index.ts';
import { readPresets } from '../../graph-data/presets/index.ts';
import { compareQuery } from '../reports/compare-query.ts';
import { compareText } from '../reports/text/compare-text.ts';
import { queryText } from '../reports/text/query-text.ts';
import { pipelinesCompared } from './shared/named-pipelines.ts';
import { headline } from '../reports/text/evaluate-text.ts';
import { settingProgress } from './shared/evaluation-progress.ts';
import { type SplitOptions, checkSplitOptions, isSplit, savesOf, withSplit } from './shared/split-options.ts';
import { type ListOptions, withLists } from './shared/list-options.ts';
import { UsageError, dataFolder, integer, jsonObject, repeated } from './shared/options.ts';
import { compareTable } from '../reports/tables/figures-table.ts';
import { renderTable } from '../reports/tables/render-table.ts';
import { print, printJson, printText, warn } from '../output.ts';
import { provenance } from '../reports/provenance.ts';

interface CompareCommandOptions extends SplitOptions, ListOptions {
  readonly pin?: string[];
  readonly board?: string[];
  readonly user?: string[];
  readonly paramsA?: Record<string, unknown>;
  readonly paramsB?: Record<string, unknown>;
  readonly metric: AccuracyMetric;
  readonly examples: number;
}

export function compareCommand(): Command {
  const command = new Command('compare')
    .description(
      'Compare two settings: users won and lost, overlap of lists, groups where they differ, and examples.',
    )
    .argument('<a>', `an algorithm or preset: ${settingNames().join(', ')}, or a preset of the data folder`)
    .argument('<b>', 'another one, or the same with other parameters');
  withSplit(command)
    .optionsGroup('Instead of a split, one query on the data folder:')
    .option('--pin <key>', 'query pin; can be repeated', repeated(String))
    .option('--board <key>', 'board to find pins for; can be repeated', repeated(String))
    .option('--user <key>', 'user to find pins for; can be repeated', repeated(String))
    .optionsGroup('Comparison:')
    .option('--params-a <json>', 'parameters and levers to change in A, as JSON or a JSON file', jsonObject)
    .option('--params-b <json>', 'parameters and levers to change in B', jsonObject)
    .addOption(
      new Option('--metric <name>', 'metric that decides wins and examples')
        .choices(accuracyMetrics)
        .default('ndcg'),
    )
    .option('--examples <n>', 'example users for each side', integer(0, 100), 3);
  return withLists(command)
    .addHelpText(
      'after',
      `
Both run the same queries of the same split. docs/compare.md explains the output.

Examples:
  pinwalk compare pixie popular --train train.tsv.gz --test test.tsv.gz --users 1000
  pinwalk compare feed feed --params-b '{"steps":20000}' --data mine --hold-out 0.2 --html compare.html
  pinwalk compare related ideas --pin express --k 10`,
    )
    .action(run);
}

async function run(a: string, b: string, options: CompareCommandOptions): Promise<void> {
  const settings = pipelinesCompared(
    [a, b],
    [options.paramsA, options.paramsB],
    readPresets({ root: options.data }),
  );
  const { pin: pins = [], board: boards = [], user: users = [] } = options;
  const query = [
    ...pins.map((pin) => ({ pin })),
    ...boards.map((board) => ({ board })),
    ...users.map((user) => ({ user })),
  ];
  if (query.length > 0) await runQuery(query, settings, options);
  else await runSplit(settings, options);
}

async function runQuery(
  query: RecommendationInput['query'],
  settings: readonly [NamedSettings, NamedSettings],
  options: CompareCommandOptions,
): Promise<void> {
  if (isSplit(options)) {
    throw new UsageError('a query (--pin, --board, --user) runs on the data folder: omit files and split');
  }
  if (options.table !== undefined) throw new UsageError('--table needs a split: one query has no figures');
  const page = options.html === undefined ? undefined : await import('../reports/compare-query-page.ts');
  using graph = openGraph(dataFolder(options).root, { onWarning: warn });
  const comparison = compareQuery(graph, query, settings, options);
  if (page !== undefined) writeFileSync(options.html!, page.compareQueryPage(comparison, provenance()));
  if (options.json === true) printJson(comparison);
  else for (const line of queryText(comparison)) print(line);
}

async function runSplit(
  settings: readonly [NamedSettings, NamedSettings],
  options: CompareCommandOptions,
): Promise<void> {
  checkSplitOptions(options);
  if (options.folds !== undefined) {
    throw new UsageError(
      '--folds evaluates each user several times: compare on one split, such as --hold-out 0.2',
    );
  }
  // Loading the plots takes most of a second.
  const page = options.html === undefined ? undefined : await import('../reports/compare-page.ts');
  using named = await readNamedSplits(savesOf(options), options.randomSeed, warn);
  assertUsers(named.splits);
  const { onProgress, stop } = settingProgress(settings);
  const { splits, names } = named;
  const comparison = await compare(splits[0]!, settings, names, {
    ...options,
    models: namesModel(settings)
      ? offlineModels(options.data, names, nodeCount(splits[0]!.train.pinToBoard))
      : undefined,
    usersMax: options.users,
    onProgress,
  });
  stop();
  if (page !== undefined) writeFileSync(options.html!, page.comparePage(comparison, provenance()));
  if (options.json === true) printJson(comparison);
  else if (options.table !== undefined) printText(renderTable(compareTable(comparison), options.table));
  else for (const line of [headline(comparison), '', ...compareText(comparison)]) print(line);
}
