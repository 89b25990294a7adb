import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { type RecommendationInput, openGraph } from '../../api/library/index.ts';
import {
  type NamedSettings,
  assertUsers,
  compare,
  readNamedSplits,
} from '../../api/offline/evaluate/index.ts';
import { type AccuracyMetric, accuracyMetrics, randomSeedMax, settingNames } from '../../engine/index.ts';
import { readPresets } from '../../graph-data/index.ts';
import { compareQuery, queryLines } from '../reports/text/compare-query.ts';
import { compareText } from '../reports/text/compare-text.ts';
import { pipelinesCompared } from './shared/named-pipelines.ts';
import { headline } from '../reports/text/report-text.ts';
import { settingProgress } from './shared/evaluation-progress.ts';
import { type SplitOptions, checkSplitOptions, isSplit, savesOf, withSplit } from './shared/split-options.ts';
import {
  UsageError,
  dataFolder,
  htmlOption,
  integer,
  jsonObject,
  jsonOption,
  repeated,
} from './shared/options.ts';
import { print, printJson, warn } from '../output.ts';
import { madeNow } from '../reports/made.ts';

interface CompareCommandOptions extends SplitOptions {
  readonly pin?: string[];
  readonly board?: string[];
  readonly user?: string[];
  readonly paramsA?: Record<string, unknown>;
  readonly paramsB?: Record<string, unknown>;
  readonly metric: AccuracyMetric;
  readonly examples: number;
  readonly k: number;
  readonly queryPins: number;
  readonly users?: number;
  readonly resamples: number;
  readonly threads: number;
  readonly html?: string;
  readonly json?: true;
}

export function compareCommand(): Command {
  const command = new Command('compare')
    .description('Put two settings side by side: for whom which is better, where they differ, and examples.')
    .argument('<a>', `an algorithm or preset: ${settingNames().join(', ')}, or one of the data folder's own`)
    .argument('<b>', 'another, or the same with other parameters');
  return withSplit(command)
    .optionsGroup('Or, of one query of the data folder:')
    .option('--pin <key>', 'query pin; can be given many times', repeated(String))
    .option('--board <key>', 'board to find pins for; can be given many times', repeated(String))
    .option('--user <key>', 'user to find pins for; can be given many times', repeated(String))
    .optionsGroup('How it is asked:')
    .option('--params-a <json>', 'parameters of A in place of its own, as JSON or a file of it', jsonObject)
    .option('--params-b <json>', 'parameters of B in place of its own', jsonObject)
    .addOption(
      new Option('--metric <name>', 'what makes a list better').choices(accuracyMetrics).default('ndcg'),
    )
    .option('--examples <n>', 'users to show of each side', integer(0, 100), 3)
    .option('--k <n>', 'length of each list', integer(1, 1000), 20)
    .addOption(
      new Option('--query-pins <n>', 'ask with so many pins of each user, by the seed')
        .argParser(integer(1))
        .default(Infinity, 'all'),
    )
    .option('--users <n>', 'ask for so many users only, drawn by the seed (default: all)', integer(1))
    .option('--random-seed <n>', 'seed of all that is drawn', integer(0, randomSeedMax), 1)
    .option('--resamples <n>', 'of the bootstrap, and tosses of the tests', integer(100, 1_000_000), 2_000)
    .option('--threads <n>', 'threads', integer(1, 256), availableParallelism())
    .addOption(htmlOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A and B answer the same queries of the same split; docs/compare.md tells how to read what comes out.

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
    throw new UsageError(
      'a query (--pin, --board, --user) is of the data folder: name no files, and no split',
    );
  }
  const page = options.html === undefined ? undefined : await import('../reports/compare-query-page.ts');
  using graph = openGraph(dataFolder(options).root, { onWarning: warn });
  const comparison = compareQuery(graph, query, settings, options);
  if (page !== undefined) writeFileSync(options.html!, page.compareQueryPage(comparison, madeNow()));
  if (options.json === true) printJson(comparison);
  else for (const line of queryLines(comparison)) print(line);
}

async function runSplit(
  settings: readonly [NamedSettings, NamedSettings],
  options: CompareCommandOptions,
): Promise<void> {
  const { k, randomSeed, threads, queryPins, resamples, users: usersMax, metric, examples } = options;
  checkSplitOptions(options);
  if (options.folds !== undefined) {
    throw new UsageError('--folds asks every user several times: compare on one split, --hold-out 0.2 say');
  }
  // Plots are loaded for those who want them: that takes most of a second.
  const page = options.html === undefined ? undefined : await import('../reports/compare-page.ts');
  using named = await readNamedSplits(savesOf(options), randomSeed, warn);
  assertUsers(named.splits);
  const { onProgress, stop } = settingProgress(settings);
  const how = { k, randomSeed, threads, queryPins, usersMax, resamples, metric, examples, onProgress };
  const comparison = await compare(named.splits[0]!, settings, named.names, how);
  stop();
  if (page !== undefined) writeFileSync(options.html!, page.comparePage(comparison, madeNow()));
  if (options.json === true) printJson(comparison);
  else for (const line of [headline(comparison), '', ...compareText(comparison)]) print(line);
}
