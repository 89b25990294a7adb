import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import {
  type AlgorithmName,
  type Params,
  type SaveSplit,
  algorithmNames,
  feedParams,
  randomSeedMax,
  resolveParamsOf,
  splitSaves,
} from '../../engine/index.ts';
import { readGraph, readSplit } from '../../graph-data/index.ts';
import { type Evaluation, evaluate } from '../evaluation/evaluate.ts';
import { UsageError, decimal, integer, jsonObject, jsonOption } from '../options.ts';
import { Progress, print, printJson, thousands } from '../output.ts';

interface EvaluateCommandOptions {
  train: string;
  test?: string;
  holdOut?: number;
  algorithms: AlgorithmName[];
  params?: Record<string, unknown>;
  k: number;
  columns?: string;
  queryPins: number;
  users?: number;
  randomSeed: number;
  threads: number;
  json?: true;
}

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Measure how well algorithms find held-out saves: recall, NDCG, hit rate, coverage, time.')
    .requiredOption('--train <file>', 'saves that are known: user, pin or user, board, pin')
    .option('--test <file>', 'saves to find')
    .option('--hold-out <share>', 'instead of --test: hold out this share of --train, seeded', decimal(0, 1))
    .option('--algorithms <names>', `some of ${algorithmNames.join(',')}`, algorithmList, ['pixie', 'paths'])
    .option(
      '--params <json>',
      'parameters, as JSON or a file of it: {"x": 0.8}, or by algorithm {"paths": {"x": 0.8}} (default: the feed preset)',
      jsonObject,
    )
    .option('--k <n>', 'length of each list', integer(1, 1000), 20)
    .option(
      '--query-pins <n>',
      'ask with so many pins of each user, chosen by the seed (default: all)',
      integer(1),
      Infinity,
    )
    .option('--users <n>', 'ask for so many users only, drawn by the seed (default: all)', integer(1))
    .option('--columns <names>', 'names of the columns, when there is no header or it says otherwise')
    .option('--random-seed <n>', 'seed of walks and of --hold-out', integer(0, randomSeedMax), 1)
    .option('--threads <n>', 'threads', integer(1, 256), availableParallelism())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Every board (every user, in files without boards) with pins in both parts is one query, of its train pins.
All pins that its train part lacks are ranked. Recall and NDCG are those of LightGCN's evaluation.

Examples:
  pinwalk evaluate --train train.tsv.gz --test test.tsv.gz --algorithms pixie,paths,popular
  pinwalk evaluate --train train.tsv.gz --hold-out 0.1 --algorithms paths --params '{"x":0.8,"z":0.2}'`,
    )
    .action(run);
}

async function run(options: EvaluateCommandOptions): Promise<void> {
  const { k, randomSeed, threads, queryPins, algorithms } = options;
  // Wrong parameters are told before the reading, which takes a while.
  const params = algorithms.map((algorithm) => resolveParamsOf(algorithm, paramsFor(algorithm, options)));
  const split = await readData(options);
  const results: Evaluation[] = [];
  const progress = new Progress();
  for (const [i, algorithm] of algorithms.entries()) {
    const onProgress = (done: number, total: number): void => {
      progress.tell(algorithm, done / total, `${thousands(done)} of ${thousands(total)} users`);
    };
    results.push(
      await evaluate(split, algorithm, params[i]!, {
        k,
        randomSeed,
        threads,
        queryPins,
        usersMax: options.users,
        onProgress,
      }),
    );
  }
  progress.stop();
  if (options.json === true) printJson({ k, results });
  else printTable(k, results);
}

async function readData(options: EvaluateCommandOptions): Promise<SaveSplit> {
  const { train, test, holdOut, randomSeed } = options;
  const columns = options.columns?.split(',');
  if ((test === undefined) === (holdOut === undefined)) {
    throw new UsageError('name what is to be found: either --test FILE or --hold-out SHARE');
  }
  if (test === undefined) return splitSaves(await readGraph(train, { columns }), holdOut ?? 0, randomSeed);
  const split = await readSplit(train, test, { columns });
  if (split.droppedSaves > 0) {
    process.stderr.write(
      `${thousands(split.droppedSaves)} test saves left out: the train part has them too\n`,
    );
  }
  return split;
}

/** What `--params` says for an algorithm, by its name or for all of them; nothing said: the feed preset. */
function paramsFor(algorithm: AlgorithmName, { params }: EvaluateCommandOptions): Params {
  if (params === undefined) return feedParams[algorithm];
  const isByAlgorithm = Object.keys(params).some((name) =>
    (algorithmNames as readonly string[]).includes(name),
  );
  if (!isByAlgorithm) return params as Params;
  return (params[algorithm] as Params | undefined) ?? feedParams[algorithm];
}

function algorithmList(text: string): AlgorithmName[] {
  return text.split(',').map((name) => {
    const known = algorithmNames.find((each) => each === name.trim());
    if (known === undefined) {
      throw new InvalidArgumentError(`There is no "${name}"; there are ${algorithmNames.join(', ')}.`);
    }
    return known;
  });
}

function printTable(k: number, results: readonly Evaluation[]): void {
  print(`algorithm     users  recall@${k}  ndcg@${k}  hitRate coverage  seconds   p50 ms   p99 ms`);
  for (const each of results) {
    const { users, recall, ndcg, hitRate, coverage, seconds, msPerQueryP50, msPerQueryP99 } = each;
    const times = [seconds, msPerQueryP50, msPerQueryP99].map((value) => value.toFixed(2).padStart(8));
    const quality = `${figure(recall)}   ${figure(ndcg)} ${figure(hitRate)} ${figure(coverage)}`;
    print(`${each.algorithm.padEnd(10)} ${thousands(users).padStart(8)}   ${quality} ${times.join(' ')}`);
  }
}

function figure(value: number): string {
  return value.toFixed(4).padStart(8);
}
