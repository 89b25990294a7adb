import { existsSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import {
  type OfflineModels,
  assertUsers,
  namesModel,
  offlineModels,
  readNestedSplits,
} from '../../api/offline/evaluate/index.ts';
import {
  type SweepProgress,
  type SweepDefinition,
  type SweepReport,
  type SweepSplits,
  countStoredTrials,
  estimateSeconds,
  faultOfSaves,
  planSweep,
  readSweep,
  reportSweep,
  runSweep,
} from '../../api/offline/tune/index.ts';
import { EngineError, nodeCount } from '../../engine/index.ts';
import { DataError } from '../../graph-data/base/index.ts';
import { addPreset, checkPresetName } from '../../graph-data/presets/index.ts';
import { TrialStore } from '../../graph-data/trials/index.ts';
import {
  UsageError,
  dataFolder,
  dataOption,
  htmlOption,
  integer,
  jsonOption,
  tableOption,
} from './shared/options.ts';
import { sweepTable } from '../reports/tables/figures-table.ts';
import { type TableStyle, renderTable } from '../reports/tables/render-table.ts';
import { print, printJson, printText, stoppable, thousands, timeLeft, warn } from '../output.ts';
import { provenance } from '../reports/provenance.ts';
import { planText, sweepText } from '../reports/text/sweep-text.ts';

interface SweepCommandOptions {
  readonly data: string;
  readonly promote?: string;
  readonly trial?: number;
  readonly results?: string;
  readonly threads: number;
  readonly dryRun?: true;
  readonly html?: string;
  readonly table?: TableStyle;
  readonly json?: true;
}

type NamedSweepSplits = SweepSplits & Awaited<ReturnType<typeof readNestedSplits>>;

export function sweepCommand(): Command {
  return new Command('sweep')
    .description('Search for the best setting on a validation part, and report it on the test part.')
    .argument('<file>', 'definition of the sweep: a YAML file (docs/sweep.md)')
    .option(
      '--results <file>',
      'file of results (default: the name of the definition with .results.db for .yaml)',
    )
    .option('--dry-run', 'print what would run, and the estimated time')
    .option('--threads <n>', 'worker threads', integer(1, 256), availableParallelism())
    .option(
      '--promote <name>',
      'make the chosen setting a preset of the data folder; a running server applies it within a second',
    )
    .option('--trial <n>', 'promote this trial instead', integer(1))
    .addOption(dataOption())
    .addOption(htmlOption())
    .addOption(tableOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Each trial is stored when it completes. After an interruption, the same command resumes, and produces the same metrics;
only times differ. All faults of the file are reported with their lines before anything runs.

Examples:
  pinwalk sweep sweep.yaml --dry-run
  pinwalk sweep sweep.yaml
  pinwalk sweep sweep.yaml --promote home        stored trials do not run again`,
    )
    .action(run);
}

async function run(file: string, options: SweepCommandOptions): Promise<void> {
  const { promote, trial, data } = options;
  if (trial !== undefined && promote === undefined) throw new UsageError('--trial N needs --promote NAME');
  // Before the sweep, which takes long.
  if (promote !== undefined) checkPresetName(promote);
  const definition = readSweep(file, data);
  using splits = await readParts(file, definition);
  const results = options.results ?? file.replace(/(\.ya?ml)?$/i, '.results.db');
  if (options.dryRun === true) await printPlan(definition, splits, results, options);
  else await sweep(file, definition, splits, results, options);
}

async function printPlan(
  definition: SweepDefinition,
  splits: NamedSweepSplits,
  results: string,
  { threads, json, data }: SweepCommandOptions,
): Promise<void> {
  const plan = planSweep(definition, splits);
  const models = modelsOf(definition, splits, data);
  let kept = 0;
  if (existsSync(results)) {
    using store = TrialStore.open(results);
    kept = countStoredTrials(definition, splits, plan, store, models);
  }
  const seconds = await estimateSeconds(definition, splits, plan, threads, models);
  if (json === true) printJson({ ...plan, kept, seconds });
  else for (const line of planText(definition, plan, kept, seconds, threads)) print(line);
}

async function sweep(
  file: string,
  definition: SweepDefinition,
  splits: NamedSweepSplits,
  results: string,
  options: SweepCommandOptions,
): Promise<void> {
  const models = modelsOf(definition, splits, options.data);
  const { threads, html, table, json } = options;
  // Loading the plots takes most of a second.
  const page = html === undefined ? undefined : await import('../reports/sweep-page.ts');
  using store = TrialStore.open(results);
  const started = performance.now();
  const outcome = await stoppable(async (signal, progress) => {
    const onProgress = ({ what, done, total, kept }: SweepProgress): void => {
      // Stored trials take no time.
      const left = timeLeft((performance.now() - started) / 1000, (done - kept) / (total - kept));
      progress.report(what, done / total, `${thousands(done)} of ${thousands(total)} queries, ${left}`);
    };
    try {
      return await runSweep(definition, splits, { store, threads, models, signal, onProgress });
    } catch (error) {
      if (!signal.aborted) throw error;
      const message = `stopped: completed trials are stored in ${results}; pinwalk sweep ${file} resumes`;
      throw new DataError('stopped', message, { cause: error });
    }
  });
  const report = reportSweep(definition, outcome);
  if (page !== undefined) writeFileSync(html!, page.sweepPage(report, provenance()));
  if (json === true) printJson(report);
  else if (table !== undefined) printText(renderTable(sweepTable(report), table));
  else for (const line of sweepText(report)) print(line);
  if (options.promote !== undefined) promoteTrial(file, definition, report, options.promote, options);
}

/** Those of the data folder, if some setting ranks by a model. */
function modelsOf(
  definition: SweepDefinition,
  splits: NamedSweepSplits,
  data: string,
): OfflineModels | undefined {
  if (!namesModel([...planSweep(definition, splits).settings, definition.baseline])) return undefined;
  return offlineModels(definition.saves.data ?? data, splits.names, nodeCount(splits.test.train.pinToBoard));
}

/** Adds the setting of a trial, by default the chosen one, to the presets of the data folder. */
function promoteTrial(
  file: string,
  { saves }: SweepDefinition,
  { chosen, trials }: SweepReport,
  name: string,
  options: SweepCommandOptions,
): void {
  const { trial: number = chosen?.trial, data } = options;
  if (number === undefined) {
    throw new UsageError('no setting was chosen: name a trial with --trial N');
  }
  const trial = trials.find((each) => each.trial === number);
  if (trial === undefined)
    throw new UsageError(`--trial: there is no trial ${number}; the last is ${trials.length}`);
  const folder = dataFolder({ data: saves.data ?? data });
  addPreset(folder, name, trial, { from: `${path.basename(file)}, trial ${number}` });
  if (options.json !== true) print(`\n${name} is now a preset of ${folder.root}.`);
}

/** Reads the saves that the file names. Throws their faults with the line of the file. */
async function readParts(file: string, definition: SweepDefinition): Promise<NamedSweepSplits> {
  const { saves, validation, randomSeed } = definition;
  let part: 'saves' | 'validation' = 'saves';
  try {
    const splits = await readNestedSplits(saves, validation, randomSeed, warn, () => (part = 'validation'));
    assertUsers(splits.validation);
    part = 'saves';
    assertUsers([splits.test]);
    return splits;
  } catch (error) {
    const isExpected = error instanceof DataError || error instanceof EngineError;
    throw isExpected ? faultOfSaves(file, part, error.message) : error;
  }
}
