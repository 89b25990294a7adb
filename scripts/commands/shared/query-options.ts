import type { Command } from 'commander';
import { type OpenGraph, type RecommendationInput, openGraph } from '../../../api/library/index.ts';
import {
  type Levers,
  type ParamSpec,
  leverSpecs,
  randomSeedMax,
  settingNames,
  stepsMax,
} from '../../../engine/index.ts';
import { UsageError, dataFolder, decimal, integer, jsonObject, repeated } from './options.ts';

/** A query of a graph, as commander gives it. */
export interface QueryOptions extends Partial<Levers> {
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
  explain?: true;
  steps?: number;
  restartProbability?: number;
  randomSeed?: number;
  fields?: string;
  snapshot?: string;
}

/** The options that describe a query and its pipeline. */
export function withQuery(command: Command): Command {
  command
    .option('--pin <key>', 'query pin; can be repeated', repeated(String))
    .option('--board <key>', 'board to find pins for; can be repeated', repeated(String))
    .option('--user <key>', 'user to find pins for; can be repeated', repeated(String))
    .option('--target <kind>', 'pins, boards or users (default: pins)')
    .option(
      '--weight <w>',
      'weight of the pin, board or user at the same place, pins first (default: 1)',
      repeated(decimal(0, 1e9)),
    )
    .option('--exclude <key>', 'pin not to recommend; can be repeated', repeated(String))
    .option('--limit <n>', 'items at most (default: 20)', integer(1, 1000))
    .option(
      '--algorithm <name>',
      `${settingNames().join(', ')}, or a preset of the data folder (default: by query)`,
    )
    .option('--params <json>', 'parameters to change, as JSON or a file of it', jsonObject)
    .option('--steps <n>', 'steps of the walk: short for --params', integer(1, stepsMax))
    .option(
      '--restart-probability <p>',
      'probability of a restart after a step: short for --params',
      decimal(0, 1),
    )
    .option('--filter <json>', 'conditions on fields of the pins: {"language": "en"}', jsonObject);
  for (const [name, spec] of Object.entries<ParamSpec>(leverSpecs)) addLever(command, name, spec);
  return command
    .option('--seed, --random-seed <n>', 'random seed (default: 1)', integer(0, randomSeedMax))
    .option('--snapshot <version>', 'query this snapshot instead of the active one');
}

/** `--hub-correction <n>` for a number, `--no-backfill` for a boolean that is true by default. */
function addLever(command: Command, name: string, spec: ParamSpec): void {
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (spec.kind === 'boolean') command.option(`--no-${flag}`, `do not ${spec.about}`);
  else if (spec.kind !== 'choice') {
    command.option(`--${flag} <n>`, `${spec.about} (default: ${spec.default})`, decimal(spec.min, spec.max));
  }
}

/** The request that the options describe, yet to be checked. Throws a `UsageError` when it has nothing to start from. */
export function requestOf(options: QueryOptions): RecommendationInput {
  const { pin: pins = [], board: boards = [], user: users = [], weight: weights = [] } = options;
  const entries = [
    ...pins.map((key) => ['pin', key]),
    ...boards.map((key) => ['board', key]),
    ...users.map((key) => ['user', key]),
  ] as const;
  if (entries.length === 0) throw new UsageError('name at least one query pin: --pin KEY');
  if (weights.length > entries.length) throw new UsageError('there are more --weight than --pin');
  const { target, limit, algorithm, params, steps, restartProbability, randomSeed, fields, filter, explain } =
    options;
  const levers = Object.keys(leverSpecs).map((name) => [name, options[name as keyof Levers]]);
  // Commander sets a --no flag to true when it is absent: that must not override a preset.
  const given = levers.filter(([, value]) => value !== true);
  return defined({
    query: entries.map(([kind, key], i) => defined({ [kind!]: key, weight: weights[i] })),
    target,
    limit,
    algorithm,
    params: { ...params, ...defined({ steps, restartProbability }) },
    exclude: defined({ pins: options.exclude }),
    filter,
    ...Object.fromEntries(given),
    explain,
    fields: fields?.split(','),
    randomSeed,
  }) as RecommendationInput;
}

/** Without what was not given: the schema fills in the defaults and finds the faults. */
function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Runs `query` on the graph of `--data`, and `--snapshot` if it is given; closes it afterwards. */
export function withGraph<Result>(options: QueryOptions, query: (graph: OpenGraph) => Result): Result {
  const graph = openGraph(dataFolder(options).root, {
    snapshot: options.snapshot,
    onWarning: (message) => process.stderr.write(`pinwalk: ${message}\n`),
  });
  try {
    return query(graph);
  } finally {
    graph.close();
  }
}
