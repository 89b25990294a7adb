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
import { warn } from '../../output.ts';

/** The options of {@link withQuery}, as commander returns them. */
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
  whyNot?: string[];
  snapshot?: string;
}

/** Adds the options of a query and its pipeline. */
export function withQuery(command: Command): Command {
  command
    .option('--pin <key>', 'query pin; can be repeated', repeated(String))
    .option('--board <key>', 'board to find pins for; can be repeated', repeated(String))
    .option('--user <key>', 'user to find pins for; can be repeated', repeated(String))
    .option('--target <kind>', 'what to recommend: pins, boards or users (default: pins)')
    .option(
      '--weight <w>',
      'weight of the n-th pin, board or user; pins first, users last (default: 1)',
      repeated(decimal(0, 1e9)),
    )
    .option('--exclude <key>', 'pin not to recommend; can be repeated', repeated(String))
    .option('--limit <n>', 'maximum number of recommendations (default: 20)', integer(1, 1000))
    .option(
      '--algorithm <name>',
      `${settingNames().join(', ')}, or a preset of the data folder (default: depends on the query)`,
    )
    .option('--params <json>', 'parameters to change, as JSON or a JSON file', jsonObject)
    .option('--steps <n>', 'steps of the walk; also in --params', integer(1, stepsMax))
    .option(
      '--restart-probability <p>',
      'probability of a restart after each step; also in --params',
      decimal(0, 1),
    )
    .option('--filter <json>', 'conditions on fields of the pins, as JSON: {"language": "en"}', jsonObject);
  for (const [name, spec] of Object.entries<ParamSpec>(leverSpecs)) addLever(command, name, spec);
  return command
    .option('--seed, --random-seed <n>', 'random seed (default: 1)', integer(0, randomSeedMax))
    .option('--snapshot <version>', 'query this snapshot instead of the active one');
}

/** `--hub-correction <n>` for a number, `--no-backfill` for a boolean that is true by default. */
function addLever(command: Command, name: string, spec: ParamSpec): void {
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (spec.kind === 'boolean') command.option(`--no-${flag}`, `do not ${spec.about}`);
  else if (spec.kind === 'name') command.option(`--${flag} <name>`, spec.about);
  else if (spec.kind !== 'choice') {
    command.option(`--${flag} <n>`, `${spec.about} (default: ${spec.default})`, decimal(spec.min, spec.max));
  }
}

/** The unchecked request of the options. Throws a `UsageError` for an empty query. */
export function requestOf(options: QueryOptions): RecommendationInput {
  const { pin: pins = [], board: boards = [], user: users = [], weight: weights = [] } = options;
  const entries = [
    ...pins.map((key) => ['pin', key]),
    ...boards.map((key) => ['board', key]),
    ...users.map((key) => ['user', key]),
  ] as const;
  if (entries.length === 0) throw new UsageError('name at least one query pin (--pin KEY), board or user');
  if (weights.length > entries.length)
    throw new UsageError('there are more weights than pins, boards and users');
  return {
    query: entries.map(([kind, key], i) => defined({ [kind!]: key, weight: weights[i] })),
    ...settingsOf(options),
  };
}

/** The unchecked request of the options, but for its query. */
export function settingsOf(options: QueryOptions): Omit<RecommendationInput, 'query'> {
  const { target, limit, algorithm, params, steps, restartProbability, randomSeed, fields, filter, explain } =
    options;
  const levers = Object.keys(leverSpecs).map((name) => [name, options[name as keyof Levers]]);
  // Commander sets a --no flag to true when it is absent: that must not override a preset.
  const given = levers.filter(([, value]) => value !== true);
  return defined({
    target,
    limit,
    algorithm,
    params: { ...params, ...defined({ steps, restartProbability }) },
    exclude: defined({ pins: options.exclude }),
    filter,
    whyNot: options.whyNot,
    ...Object.fromEntries(given),
    explain,
    fields: fields?.split(','),
    randomSeed,
  });
}

/** Drops undefined fields: the schema fills in defaults and reports faults. */
function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Runs `query` on the graph of `--data` and `--snapshot`, and closes the graph. */
export function withGraph<Result>(options: QueryOptions, query: (graph: OpenGraph) => Result): Result {
  using graph = openGraph(dataFolder(options).root, { snapshot: options.snapshot, onWarning: warn });
  return query(graph);
}
