import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { assertUsers, evaluateAll, readSplits } from '../../api/offline/evaluate/index.ts';
import { randomSeedMax, settingNames } from '../../engine/index.ts';
import { readPresets } from '../../graph-data/index.ts';
import { nameList, pipelinesNamed } from './shared/named-pipelines.ts';
import { headline, reportText } from '../reports/text/report-text.ts';
import { settingProgress } from './shared/evaluation-progress.ts';
import { type SplitOptions, checkSplitOptions, savesOf, withSplit } from './shared/split-options.ts';
import { htmlOption, integer, jsonObject, jsonOption } from './shared/options.ts';
import { madeNow } from '../reports/made.ts';
import { print, printJson, warn } from '../output.ts';

interface EvaluateCommandOptions extends SplitOptions {
  readonly algorithms: string[];
  readonly params?: Record<string, unknown>;
  readonly k: number;
  readonly queryPins: number;
  readonly users?: number;
  readonly negatives?: number;
  readonly seeds: number;
  readonly resamples: number;
  readonly threads: number;
  readonly reasons?: true;
  readonly html?: string;
  readonly json?: true;
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate').description(
    'Measure how well algorithms find held-out saves, how sure that is, and what it takes.',
  );
  return withSplit(command)
    .optionsGroup('How it is asked:')
    .option(
      '--algorithms <names>',
      `some of ${settingNames().join(',')}, or presets of the data folder`,
      nameList,
      ['feed', 'feed-exact'],
    )
    .option(
      '--params <json>',
      'parameters to change, as JSON or a file of it: {"hubCorrection": 0.5}, or by name {"paths": {"x": 0.8}}',
      jsonObject,
    )
    .option('--k <n>', 'length of each list', integer(1, 1000), 20)
    .addOption(
      new Option('--query-pins <n>', 'ask with so many pins of each user, by the seed')
        .argParser(integer(1))
        .default(Infinity, 'all'),
    )
    .option('--users <n>', 'ask for so many users only, drawn by the seed (default: all)', integer(1))
    .option(
      '--negatives <n>',
      'rank held-out pins among so many sampled ones, not among all: can change the winner',
      integer(1),
    )
    .option('--random-seed <n>', 'seed of all that is drawn', integer(0, randomSeedMax), 1)
    .option('--seeds <n>', 'ask with so many seeds, to see how stable the answers are', integer(1, 100), 1)
    .option('--resamples <n>', 'of the bootstrap, and tosses of the tests', integer(100, 1_000_000), 2_000)
    .option('--reasons', 'also tell how often reasons of each strength were right')
    .option('--threads <n>', 'threads', integer(1, 256), availableParallelism())
    .addOption(htmlOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Every board (every user, in files without boards) with pins in both parts is one query, of its train pins.
All pins that its train part lacks are ranked. Recall and NDCG are those of LightGCN's evaluation; docs/evaluation.md
defines every figure.

Examples:
  pinwalk evaluate --train train.tsv.gz --test test.tsv.gz --algorithms feed,feed-exact,popular
  pinwalk evaluate --train train.tsv.gz --hold-out 0.1 --algorithms paths --params '{"x":0.8,"z":0.2}'
  pinwalk evaluate --data mine --hold-out-latest 0.1 --seeds 3`,
    )
    .action(run);
}

async function run(options: EvaluateCommandOptions): Promise<void> {
  const { k, randomSeed, threads, queryPins, negatives, seeds, resamples, users: usersMax } = options;
  // Faults are reported before the saves are read, which takes a while.
  checkSplitOptions(options);
  const asked = pipelinesNamed(options.algorithms, options.params, readPresets({ root: options.data }));
  const splits = await readSplits(savesOf(options), randomSeed, warn);
  assertUsers(splits);
  if (negatives !== undefined) {
    warn(
      `--negatives ${negatives}: figures from sampled negatives are not those of ranking all pins, and can name another ` +
        'winner (Krichene and Rendle, KDD 2020, doi:10.1145/3394486.3403226); compare them with nothing else',
    );
  }
  const { onProgress, stop } = settingProgress(asked);
  // A page has all there is to see; its plots are loaded only for those who want them: that takes most of a second.
  const page = options.html === undefined ? undefined : await import('../reports/evaluate-page.ts');
  const reasons = options.reasons === true || page !== undefined;
  const how = {
    k,
    randomSeed,
    threads,
    queryPins,
    usersMax,
    negatives,
    seeds,
    resamples,
    reasons,
    onProgress,
  };
  const report = await evaluateAll(splits, asked, how);
  stop();
  if (page !== undefined) writeFileSync(options.html!, page.evaluatePage(report, madeNow()));
  if (options.json === true) printJson(report);
  else for (const line of [headline(report), '', ...reportText(report)]) print(line);
}
