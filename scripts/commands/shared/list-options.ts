import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { type LinearBuildParams, randomSeedMax } from '../../../engine/index.ts';
import { linearOption } from './build-param-options.ts';
import type { TableStyle } from '../../reports/tables/render-table.ts';
import { tableOption, htmlOption, integer, jsonOption } from './options.ts';

/** The options of {@link withLists}, as commander returns them. */
export interface ListOptions {
  readonly k: number;
  readonly queryPins: number;
  readonly users?: number;
  readonly randomSeed: number;
  readonly resamples: number;
  readonly threads: number;
  readonly linear?: LinearBuildParams;
  readonly html?: string;
  readonly table?: TableStyle;
  readonly json?: true;
}

/** Adds the options of commands that evaluate the lists of users. */
export function withLists(command: Command): Command {
  return command
    .option('--k <n>', 'length of each list', integer(1, 1000), 20)
    .addOption(
      new Option('--query-pins <n>', 'known pins of each user in the query, drawn by the seed')
        .argParser(integer(1))
        .default(Infinity, 'all'),
    )
    .option('--users <n>', 'number of users, drawn by the seed (default: all)', integer(1))
    .option('--random-seed <n>', 'seed of all random draws', integer(0, randomSeedMax), 1)
    .option(
      '--resamples <n>',
      'bootstrap resamples, and permutations of each test',
      integer(100, 1_000_000),
      2_000,
    )
    .option('--threads <n>', 'worker threads', integer(1, 256), availableParallelism())
    .addOption(linearOption('how the item weights of linear are computed, as in build'))
    .addOption(htmlOption())
    .addOption(tableOption())
    .addOption(jsonOption());
}
