import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { keepTuned } from '../../api/offline/tune-presets/index.ts';
import { randomSeedMax } from '../../engine/index.ts';
import { DataError } from '../../graph-data/base/index.ts';
import { activeVersion } from '../../graph-data/snapshot/index.ts';
import { print, printJson } from '../output.ts';
import { tuneText } from '../reports/text/tune-text.ts';
import { dataFolder, dataOption, integer, jsonOption } from './shared/options.ts';
import { runTune, tuneSeconds } from './shared/run-tune.ts';

interface TuneCommandOptions {
  readonly data: string;
  readonly seconds: number;
  readonly randomSeed: number;
  readonly threads: number;
  readonly exact?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

export function tuneCommand(): Command {
  return new Command('tune')
    .description('Choose the levers of feed, ideas and related for this graph, on saves held out of it.')
    .addOption(dataOption())
    .option('--seconds <n>', 'budget of time; more compares more users', tuneSeconds, 120)
    .option('--random-seed <n>', 'seed of all random draws', integer(0, randomSeedMax), 1)
    .option('--threads <n>', 'worker threads', integer(1, 256), availableParallelism())
    .option('--exact', 'feed and ideas may become exact scores, where these cost no more than their walk')
    .option('--dry-run', 'print what would be chosen, and keep the presets as they are')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Settings that beat the default on users that did not choose them become presets of the data folder, and a running server
uses them within a second. \`pinwalk presets remove feed\` brings the built-in one back. docs/tune.md explains.

Examples:
  pinwalk tune --data mine --dry-run
  pinwalk tune --data mine --seconds 600`,
    )
    .action(run);
}

async function run(options: TuneCommandOptions): Promise<void> {
  const folder = dataFolder(options);
  const snapshot = activeVersion(folder);
  if (snapshot === undefined) {
    const message = `${folder.root} has no snapshot, so nothing is served: run pinwalk build first`;
    throw new DataError('no-active-snapshot', message);
  }
  const report = await runTune(folder, options);
  const isKept = options.dryRun !== true;
  if (isKept) keepTuned(folder, report, snapshot);
  if (options.json === true) printJson({ snapshot, ...report });
  else for (const line of tuneText(report, isKept)) print(line);
}
