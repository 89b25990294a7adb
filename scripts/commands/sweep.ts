import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { assertUsers, readNestedSplits } from '../../api/offline/evaluate/index.ts';
import {
  type SweepProgress,
  type SweepDefinition,
  type SweepReport,
  type SweepSplits,
  faultOfSaves,
  keptTrials,
  planSweep,
  readSweep,
  reportSweep,
  runSweep,
} from '../../api/offline/tune/index.ts';
import { EngineError } from '../../engine/index.ts';
import { DataError, TrialStore, addPreset, checkPresetName } from '../../graph-data/index.ts';
import { UsageError, dataFolder, dataOption, htmlOption, integer, jsonOption } from './shared/options.ts';
import { Progress, print, printJson, stoppable, thousands, timeLeft, warn } from '../output.ts';
import { madeNow } from '../reports/made.ts';
import { estimateSeconds } from '../reports/text/sweep-estimate.ts';
import { planText, sweepText } from '../reports/text/sweep-text.ts';

interface SweepCommandOptions {
  readonly data: string;
  readonly promote?: string;
  readonly trial?: number;
  readonly results?: string;
  readonly threads: number;
  readonly dryRun?: true;
  readonly html?: string;
  readonly json?: true;
}

export function sweepCommand(): Command {
  return new Command('sweep')
    .description(
      'Search for the best setting of algorithms on a validation part; report it on the test part.',
    )
    .argument('<file>', 'what to read, to try and to decide by: a YAML file as docs/sweep.md says')
    .option(
      '--results <file>',
      'where results are kept (default: beside the file, with .results.db for .yaml)',
    )
    .option('--dry-run', 'tell what would be run, and about how long it takes')
    .option('--threads <n>', 'threads', integer(1, 256), availableParallelism())
    .option(
      '--promote <name>',
      'make the chosen setting a preset of the data folder, which the server knows at once',
    )
    .option('--trial <n>', 'promote this trial in its place', integer(1))
    .addOption(dataOption())
    .addOption(htmlOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Each trial is kept as it is done. Stopped at any moment, the same command goes on from there, and comes to the same
figures; only times are as measured. Every fault of the file is told with its line before anything runs.

Examples:
  pinwalk sweep sweep.yaml --dry-run
  pinwalk sweep sweep.yaml
  pinwalk sweep sweep.yaml --promote home        asks nothing again`,
    )
    .action(run);
}

async function run(file: string, options: SweepCommandOptions): Promise<void> {
  const { promote, trial, data } = options;
  if (trial !== undefined && promote === undefined)
    throw new UsageError('--trial N goes with --promote NAME');
  // Told before the sweep, which takes a while.
  if (promote !== undefined) checkPresetName(promote);
  const question = readSweep(file, data);
  const splits = await readParts(file, question);
  const results = options.results ?? file.replace(/(\.ya?ml)?$/i, '.results.db');
  if (options.dryRun === true) await tellPlan(question, splits, results, options);
  else await sweep(file, question, splits, results, options);
}

async function tellPlan(
  question: SweepDefinition,
  splits: SweepSplits,
  results: string,
  { threads, json }: SweepCommandOptions,
): Promise<void> {
  const plan = planSweep(question, splits);
  let kept = 0;
  if (existsSync(results)) {
    using store = TrialStore.open(results);
    kept = keptTrials(question, splits, plan, store);
  }
  const seconds = await estimateSeconds(question, splits, plan, threads);
  if (json === true) printJson({ ...plan, kept, seconds });
  else for (const line of planText(question, plan, kept, seconds, threads)) print(line);
}

async function sweep(
  file: string,
  question: SweepDefinition,
  splits: SweepSplits,
  results: string,
  options: SweepCommandOptions,
): Promise<void> {
  const { threads, html, json } = options;
  // Plots are loaded for those who want them: that takes most of a second.
  const page = html === undefined ? undefined : await import('../reports/sweep-page.ts');
  using store = TrialStore.open(results);
  const progress = new Progress();
  const started = performance.now();
  const onProgress = ({ what, done, total, kept }: SweepProgress): void => {
    // Kept trials took no time.
    const left = timeLeft((performance.now() - started) / 1000, (done - kept) / (total - kept));
    progress.tell(what, done / total, `${thousands(done)} of ${thousands(total)} queries, ${left}`);
  };
  const outcome = await stoppable(async (signal) => {
    try {
      return await runSweep(question, splits, { store, threads, signal, onProgress });
    } catch (error) {
      if (!signal.aborted) throw error;
      const message = `stopped: finished trials are kept in ${results}; pinwalk sweep ${file} goes on from there`;
      throw new DataError('stopped', message, { cause: error });
    } finally {
      progress.stop();
    }
  });
  const report = reportSweep(question, outcome);
  if (page !== undefined) writeFileSync(html!, page.sweepPage(report, madeNow()));
  if (json === true) printJson(report);
  else for (const line of sweepText(report)) print(line);
  if (options.promote !== undefined) promoteTrial(file, question, report, options.promote, options);
}

/** Puts a trial's setting, by default the chosen one's, among the presets of the data folder. */
function promoteTrial(
  file: string,
  { saves }: SweepDefinition,
  { chosen, trials }: SweepReport,
  name: string,
  options: SweepCommandOptions,
): void {
  const { trial: number = chosen?.trial, data } = options;
  if (number === undefined) {
    throw new UsageError('nothing was chosen that could be promoted: name a trial with --trial N');
  }
  const trial = trials.find((each) => each.trial === number);
  if (trial === undefined)
    throw new UsageError(`--trial: there is no trial ${number}, they go to ${trials.length}`);
  const folder = dataFolder({ data: saves.data ?? data });
  addPreset(folder, name, trial, `${path.basename(file)}, trial ${number}`);
  if (options.json !== true) print(`\n${name} is a preset of ${folder.root} now.`);
}

/** Reads the saves that the file names; their faults are reported with the file's line. */
async function readParts(file: string, question: SweepDefinition): Promise<SweepSplits> {
  const { saves, validation, randomSeed } = question;
  let part: 'saves' | 'validation' = 'saves';
  try {
    const splits = await readNestedSplits(saves, validation, randomSeed, warn, () => (part = 'validation'));
    assertUsers(splits.validation);
    part = 'saves';
    assertUsers([splits.test]);
    return splits;
  } catch (error) {
    const isForeseen = error instanceof DataError || error instanceof EngineError;
    throw isForeseen ? faultOfSaves(file, part, error.message) : error;
  }
}
