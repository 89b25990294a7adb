import { Command } from 'commander';
import { ulid } from 'ulid';
import { type RecommendationAnswer, Recommender, recommendationRequest, validate } from '../../api/index.ts';
import { algorithmNames, presets, randomSeedMax, stepsMax } from '../../engine/index.ts';
import { Store, loadActiveSnapshot, loadSnapshot } from '../../graph-data/index.ts';
import {
  UsageError,
  dataFolder,
  dataOption,
  decimal,
  integer,
  jsonObject,
  jsonOption,
  repeated,
} from '../options.ts';
import { print, printJson, printable } from '../output.ts';

interface RecommendOptions {
  data: string;
  pin?: string[];
  board?: string[];
  user?: string[];
  target?: string;
  weight?: number[];
  exclude?: string[];
  limit?: number;
  algorithm?: string;
  params?: Record<string, unknown>;
  filter?: Record<string, unknown>;
  diversity?: number;
  hubCorrection?: number;
  minRelevance?: number;
  explain?: true;
  steps?: number;
  restartProbability?: number;
  randomSeed?: number;
  fields?: string;
  snapshot?: string;
  json?: true;
}

const names = [...Object.keys(presets), ...algorithmNames];

export function recommendCommand(): Command {
  return new Command('recommend')
    .description('Answer one query from the active snapshot, as POST /v1/recommendations does.')
    .addOption(dataOption())
    .option('--pin <key>', 'query pin; can be given many times', repeated(String))
    .option('--board <key>', 'board to find pins for; can be given many times', repeated(String))
    .option('--user <key>', 'user to find pins for; can be given many times', repeated(String))
    .option('--target <kind>', 'pins, boards or users (default: pins)')
    .option(
      '--weight <w>',
      'weight of the pin, board or user at the same place, pins first (default: 1)',
      repeated(decimal(0, 1e9)),
    )
    .option('--exclude <key>', 'pin not to recommend; can be given many times', repeated(String))
    .option('--limit <n>', 'how many pins to recommend (default: 20)', integer(1, 1000))
    .option('--algorithm <name>', `${names.join(', ')} (default: related)`)
    .option('--params <json>', 'parameters of the algorithm, as JSON or a file of it', jsonObject)
    .option('--steps <n>', 'steps of the walk: short for --params', integer(1, stepsMax))
    .option(
      '--restart-probability <p>',
      'chance of going back to the query pin: short for --params',
      decimal(0, 1),
    )
    .option('--filter <json>', 'conditions on fields of the pins: {"language": "en"}', jsonObject)
    .option(
      '--diversity <d>',
      'how much unlikeness counts against relevance, 0 to 1 (default: 0)',
      decimal(0, 1),
    )
    .option(
      '--hub-correction <h>',
      'how much PageRank counts against a pin, -1 to 1 (default: 0)',
      decimal(-1, 1),
    )
    .option('--min-relevance <r>', 'leave out what is below this share of the best score', decimal(0, 1))
    .option('--explain', 'say why each pin is there')
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

function recommend(options: RecommendOptions): RecommendationAnswer & { recommendationId: string } {
  const { pin: pins = [], board: boards = [], user: users = [], weight: weights = [] } = options;
  const entries = [
    ...pins.map((key) => ['pin', key]),
    ...boards.map((key) => ['board', key]),
    ...users.map((key) => ['user', key]),
  ] as const;
  if (entries.length === 0) throw new UsageError('name at least one query pin: --pin KEY');
  if (weights.length > entries.length) throw new UsageError('there are more --weight than --pin');
  const { limit, algorithm, steps, restartProbability, randomSeed, fields } = options;
  const { filter, diversity, hubCorrection, minRelevance, explain } = options;
  // JSON leaves out what was not given; the schema fills in the defaults.
  const request: unknown = JSON.parse(
    JSON.stringify({
      query: entries.map(([kind, key], i) => ({ [kind!]: key, weight: weights[i] })),
      target: options.target,
      limit,
      algorithm,
      params: { ...options.params, steps, restartProbability },
      exclude: { pins: options.exclude },
      filter,
      diversity,
      hubCorrection,
      minRelevance,
      explain,
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
    const recommender = new Recommender({ store, now: () => performance.now() });
    const answer = recommender.recommend(snapshot, validate(recommendationRequest, request));
    return { recommendationId: ulid(), ...answer };
  } finally {
    store.close();
  }
}

function printAnswer(answer: RecommendationAnswer): void {
  const keys = answer.items.map(({ pin, board, user }) => printable(pin ?? board ?? user ?? ''));
  const width = Math.max(...keys.map((key) => key.length), 0);
  for (const [i, { rank, score, visits, reason }] of answer.items.entries()) {
    const place = `${String(rank).padStart(4)}  ${keys[i]!.padEnd(width)}`;
    const visited = visits === undefined ? '' : `  ${visits} visits`;
    const why = reason === undefined ? '' : `  ${printable(reason.text)}`;
    print(`${place}  ${score.toPrecision(4)}${visited}${why}`);
  }
  if (answer.items.length === 0) print('Nothing goes with it: the query has no boards in this graph.');
  if (answer.fallback === 'cold-start') print('Nothing is saved there: this is what is popular.');
  if (answer.missing.length > 0) print(`Not in the graph: ${answer.missing.map(printable).join(', ')}`);
}
