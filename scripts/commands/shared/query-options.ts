import type { Command } from 'commander';
import { type OpenGraph, type RecommendationInput, openGraph } from '../../../api/index.ts';
import { algorithmNames, presets, randomSeedMax, stepsMax } from '../../../engine/index.ts';
import { UsageError, dataFolder, decimal, integer, jsonObject, repeated } from './options.ts';

/** What is asked of a graph, as commander gives it. */
export interface QuestionOptions {
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
}

const names = [...Object.keys(presets), ...algorithmNames];

/** The options that put a question, for commands that answer one. */
export function withQuestion(command: Command): Command {
  return command
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
    .option('--algorithm <name>', `${names.join(', ')}, or a preset of the data folder (default: related)`)
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
    .option('--seed, --random-seed <n>', 'random seed (default: 1)', integer(0, randomSeedMax))
    .option('--snapshot <version>', 'ask this snapshot instead of the active one');
}

/** The request that the options come to, yet to be checked. Throws a `UsageError` when it has nothing to start from. */
export function questionOf(options: QuestionOptions): RecommendationInput {
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
  // JSON leaves out what was not given; the schema fills in the defaults and finds the faults.
  return JSON.parse(
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
  ) as RecommendationInput;
}

/** Asks the graph of `--data`, and `--snapshot` if it is given; closes it afterwards. */
export function withGraph<Result>(options: QuestionOptions, ask: (graph: OpenGraph) => Result): Result {
  const graph = openGraph(dataFolder(options).root, {
    snapshot: options.snapshot,
    onWarning: (message) => process.stderr.write(`pinwalk: ${message}\n`),
  });
  try {
    return ask(graph);
  } finally {
    graph.close();
  }
}
