import { Command, Option } from 'commander';
import { ulid } from 'ulid';
import { type RecommendationAnswer, Recommender, recommendationRequest, validate } from '../../api/index.ts';
import { pixieDefaults, randomSeedMax, stepsMax } from '../../engine/index.ts';
import { Store, loadActiveSnapshot, loadSnapshot } from '../../graph-data/index.ts';
import { UsageError, dataFolder, dataOption, decimal, integer, jsonOption, repeated } from '../options.ts';
import { print, printJson, printable } from '../output.ts';

interface RecommendOptions {
  data: string;
  pin?: string[];
  weight?: number[];
  exclude?: string[];
  limit?: number;
  algorithm: string;
  steps?: number;
  restartProbability?: number;
  randomSeed?: number;
  fields?: string;
  snapshot?: string;
  json?: true;
}

export function recommendCommand(): Command {
  return new Command('recommend')
    .description('Answer one query from the active snapshot, as POST /v1/recommendations does.')
    .addOption(dataOption())
    .option('--pin <key>', 'query pin; can be given many times', repeated(String))
    .option(
      '--weight <w>',
      'weight of the query pin at the same place (default: 1)',
      repeated(decimal(0, 1e9)),
    )
    .option('--exclude <key>', 'pin not to recommend; can be given many times', repeated(String))
    .option('--limit <n>', 'how many pins to recommend (default: 20)', integer(1, 1000))
    .addOption(new Option('--algorithm <name>').choices(['pixie']).default('pixie'))
    .option('--steps <n>', `steps of the walk (default: ${pixieDefaults.steps})`, integer(1, stepsMax))
    .option(
      '--restart-probability <p>',
      `chance of going back to the query pin (default: ${pixieDefaults.restartProbability})`,
      decimal(0, 1),
    )
    .option('--seed, --random-seed <n>', 'random seed (default: 1)', integer(0, randomSeedMax))
    .option('--fields <names>', 'stored fields to bring along: title,url')
    .option('--snapshot <version>', 'ask this snapshot instead of the active one')
    .addOption(jsonOption())
    .action((options: RecommendOptions) => {
      const answer = recommend(options);
      if (options.json === true) printJson(answer);
      else printAnswer(answer);
    });
}

function recommend(options: RecommendOptions): RecommendationAnswer {
  const pins = options.pin ?? [];
  const weights = options.weight ?? [];
  if (pins.length === 0) throw new UsageError('name at least one query pin: --pin KEY');
  if (weights.length > pins.length) throw new UsageError('there are more --weight than --pin');
  const { limit, algorithm, steps, restartProbability, randomSeed, fields } = options;
  // JSON leaves out what was not given; the schema fills in the defaults.
  const request: unknown = JSON.parse(
    JSON.stringify({
      query: pins.map((pin, i) => ({ pin, weight: weights[i] })),
      limit,
      algorithm,
      params: { steps, restartProbability },
      exclude: { pins: options.exclude },
      fields: fields?.split(','),
      randomSeed,
    }),
  );
  const folder = dataFolder(options);
  const snapshot =
    options.snapshot === undefined
      ? loadActiveSnapshot(folder, (fault) => process.stderr.write(`pinwalk: ${fault.message}\n`))
      : loadSnapshot(folder, options.snapshot);
  const store = Store.open(folder);
  try {
    const recommender = new Recommender({ store, now: () => performance.now(), newId: ulid });
    return recommender.recommend(snapshot, validate(recommendationRequest, request));
  } finally {
    store.close();
  }
}

function printAnswer(answer: RecommendationAnswer): void {
  const width = Math.max(...answer.items.map(({ pin }) => printable(pin).length), 0);
  for (const { rank, pin, score, visits } of answer.items) {
    print(
      `${String(rank).padStart(4)}  ${printable(pin).padEnd(width)}  ${(100 * score).toFixed(3).padStart(7)} %  ${visits} visits`,
    );
  }
  if (answer.items.length === 0) print('Nothing goes with it: the query has no boards in this graph.');
  if (answer.missing.length > 0) print(`Not in the graph: ${answer.missing.map(printable).join(', ')}`);
}
