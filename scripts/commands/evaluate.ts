import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import {
  assertUsers,
  measureAll,
  namesModel,
  offlineModels,
  readNamedSplits,
} from '../../api/offline/evaluate/index.ts';
import { nodeCount, settingNames } from '../../engine/index.ts';
import { readPresets } from '../../graph-data/presets/index.ts';
import { nameList, pipelinesNamed } from './shared/named-pipelines.ts';
import { evaluateText, headline } from '../reports/text/evaluate-text.ts';
import { settingProgress } from './shared/evaluation-progress.ts';
import { type SplitOptions, checkSplitOptions, savesOf, withSplit } from './shared/split-options.ts';
import { type ListOptions, withLists } from './shared/list-options.ts';
import { integer, jsonObject } from './shared/options.ts';
import { type UserFileOptions, checkUserFiles, withUserFiles, writeUserFiles } from './shared/user-files.ts';
import { provenance } from '../reports/provenance.ts';
import { evaluateTable } from '../reports/tables/figures-table.ts';
import { renderTable } from '../reports/tables/render-table.ts';
import { print, printJson, printText, warn } from '../output.ts';

interface EvaluateCommandOptions extends SplitOptions, ListOptions, UserFileOptions {
  readonly algorithms: string[];
  readonly params?: Record<string, unknown>;
  readonly negatives?: number;
  readonly seeds: number;
  readonly reasons?: true;
}

export function evaluateCommand(): Command {
  const command = new Command('evaluate').description(
    'Measure how well pipelines find held-out saves: accuracy with intervals, coverage, latency.',
  );
  withSplit(command)
    .optionsGroup('Evaluation:')
    .option(
      '--algorithms <names>',
      `comma-separated, of ${settingNames().join(', ')} and presets of the data folder`,
      nameList,
      ['feed', 'feed-exact'],
    )
    .option(
      '--params <json>',
      'parameters and levers to change, as JSON or a JSON file: {"hubCorrection": 0.5}, or by name {"paths": {"x": 0.8}}',
      jsonObject,
    )
    .option(
      '--negatives <n>',
      'rank held-out pins among this many sampled pins instead of all: can change the winner',
      integer(1),
    )
    .option('--seeds <n>', 'number of seeds to run, to measure the stability of lists', integer(1, 100), 1)
    .option('--reasons', 'also measure precision by the strength of reasons');
  return withUserFiles(withLists(command))
    .addHelpText(
      'after',
      `
Each board (each user, in files without boards) with pins in both parts is one query, with its pins of the train part.
All other pins are ranked. Recall and NDCG are those of LightGCN's evaluation; docs/evaluation.md defines all metrics.

Examples:
  pinwalk evaluate --train train.tsv.gz --test test.tsv.gz --algorithms feed,feed-exact,popular
  pinwalk evaluate --train train.tsv.gz --hold-out 0.1 --algorithms paths --params '{"x":0.8,"z":0.2}'
  pinwalk evaluate --data mine --hold-out-latest 0.1 --seeds 3
  pinwalk evaluate --data mine --hold-out 0.1 --per-user users.parquet --lists lists.run --qrels held-out.qrels`,
    )
    .action(run);
}

async function run(options: EvaluateCommandOptions): Promise<void> {
  const { negatives, randomSeed } = options;
  // Before the saves are read, which takes long.
  checkSplitOptions(options);
  checkUserFiles(options, options.folds);
  const settings = pipelinesNamed(options.algorithms, options.params, readPresets({ root: options.data }));
  using named = await readNamedSplits(savesOf(options), randomSeed, warn);
  const { splits, names } = named;
  assertUsers(splits);
  if (negatives !== undefined) {
    warn(
      `--negatives ${negatives}: metrics with sampled negatives do not estimate those over all pins, and can name another ` +
        'winner (Krichene and Rendle, KDD 2020, doi:10.1145/3394486.3403226); do not compare them with others',
    );
  }
  const { onProgress, stop } = settingProgress(settings);
  // Loading the plots takes most of a second.
  const page = options.html === undefined ? undefined : await import('../reports/evaluate-page.ts');
  const { report, each } = await measureAll(splits, settings, {
    ...options,
    models: namesModel(settings)
      ? offlineModels(options.data, names, nodeCount(splits[0]!.train.pinToBoard))
      : undefined,
    usersMax: options.users,
    // A page shows everything.
    reasons: options.reasons === true || page !== undefined,
    onProgress,
  });
  stop();
  const files = await writeUserFiles(options, each, splits, names);
  if (page !== undefined) writeFileSync(options.html!, page.evaluatePage(report, provenance()));
  if (options.json === true) printJson(report);
  else if (options.table !== undefined) printText(renderTable(evaluateTable(report), options.table));
  else for (const line of [headline(report), '', ...evaluateText(report)]) print(line);
  if (options.json !== true && options.table === undefined && files.length > 0)
    print(`\nWritten: ${files.join(', ')}`);
}
