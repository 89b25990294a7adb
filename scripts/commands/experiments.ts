import { Command, InvalidArgumentError } from 'commander';
import { type MetricColumns, readOutcomes, reportBody, stateOf } from '../../api/experiments/index.ts';
import { reportExperiment } from '../../engine/index.ts';
import { experimentReport, readExperiments } from '../../graph-data/experiments/index.ts';
import { dayMs } from '../../graph-data/interactions/index.ts';
import { experimentText } from '../reports/text/experiment-text.ts';
import {
  UsageError,
  dataFolder,
  dataOption,
  decimal,
  integer,
  jsonOption,
  repeated,
} from './shared/options.ts';
import { grid, print, printJson, printable, thousands } from '../output.ts';

interface AnalyzeOptions {
  readonly arm: string;
  readonly control: string;
  readonly metric: readonly MetricColumns[];
  readonly user?: string;
  readonly share?: readonly number[];
  readonly plannedUsers?: number;
  readonly json?: true;
}

export function experimentsCommand(): Command {
  return new Command('experiments')
    .description('Compare the arms of experiments, on a server or in a file.')
    .addCommand(
      new Command('list')
        .description('List the experiments of a data folder.')
        .addOption(dataOption())
        .addOption(jsonOption())
        .action(list),
    )
    .addCommand(
      new Command('report')
        .description('Report the results so far of an experiment on a server.')
        .argument('<id>', 'the experiment')
        .addOption(dataOption())
        .addOption(jsonOption())
        .action(reportOn),
    )
    .addCommand(
      new Command('analyze')
        .description('Compare the arms of an experiment whose outcomes are in a file.')
        .argument('<file>', 'CSV, TSV, JSON lines or Parquet with a header, one row per user, or any number')
        .requiredOption('--arm <column>', "column with the user's arm")
        .requiredOption('--control <name>', 'the arm that the others are compared with')
        .requiredOption(
          '--metric <columns>',
          'a metric, as column, numerator/denominator or column~covariate; can be repeated',
          repeated(metricColumns),
        )
        .option('--user <column>', 'column with the user, if a user can have several rows: they are added up')
        .option(
          '--share <number>',
          'intended share of an arm, the control first, then the others by name; repeat it for each. Default: equal',
          repeated(decimal(Number.MIN_VALUE, 1e9)),
        )
        .option(
          '--planned-users <n>',
          'users per arm at the planned end, where the interval for any look is narrowest. Default: those of the smallest arm now',
          integer(2),
        )
        .addOption(jsonOption())
        .addHelpText(
          'after',
          `
docs/experiments.md explains the figures.

Examples:
  pinwalk experiments analyze test.csv --arm segment --control 'No E-Mail' --metric visit --metric spend~history
  pinwalk experiments analyze log.parquet --user user --arm arm --control related --metric clicks/impressions`,
        )
        .action(analyze),
    );
}

interface FolderOptions {
  readonly data: string;
  readonly json?: true;
}

function list({ data, json }: FolderOptions): void {
  const experiments = [...readExperiments(dataFolder({ data }))];
  if (json === true) printJson({ experiments: experiments.map(([id, each]) => ({ id, ...each })) });
  else {
    const rows = experiments.map(([id, { surface, arms, start, end, promoted }]) => [
      id,
      printable(surface),
      arms.map(({ name, share }) => `${name} ${share}`).join(', '),
      start.slice(0, 10),
      end?.slice(0, 10) ?? '–',
      promoted === undefined ? '' : `${promoted.arm} as ${promoted.preset}`,
    ]);
    const header = ['experiment', 'surface', 'arms', 'start', 'end', 'promoted'];
    for (const line of grid([header, ...rows])) print(line);
  }
}

function reportOn(id: string, { data, json }: FolderOptions): void {
  const folder = dataFolder({ data });
  const experiments = readExperiments(folder);
  const experiment = experiments.get(id);
  if (experiment === undefined) {
    const known = [...experiments.keys()].join(', ') || 'none';
    throw new UsageError(`there is no experiment ${printable(id)}; there are ${known}`);
  }
  const now = Date.now();
  const found = experimentReport(folder, id, experiment, Math.floor(now / dayMs));
  if (json === true) printJson(reportBody({ id, state: stateOf(experiment, now) }, experiment, found));
  else {
    for (const line of experimentText(found)) print(line);
    if (found.inSeveralArms > 0) print(`Left out: ${thousands(found.inSeveralArms)} people in several arms.`);
  }
}

async function analyze(file: string, options: AnalyzeOptions): Promise<void> {
  const { arm, user, control, metric: metrics } = options;
  const outcomes = await readOutcomes(file, { arm, user, metrics });
  const names = outcomes.map((each) => each.arm).join(', ');
  const inControl = outcomes.find((each) => each.arm === control);
  if (inControl === undefined) throw new UsageError(`no row is in the arm ${control}; there are ${names}`);
  const arms = [inControl, ...outcomes.filter((each) => each !== inControl)];
  if (arms.length < 2)
    throw new UsageError(`all rows are in the arm ${control}: there is nothing to compare`);
  const shares = options.share ?? arms.map(() => 1);
  if (shares.length !== arms.length) {
    throw new UsageError(`${shares.length} times --share, but ${arms.length} arms: ${names}`);
  }
  const planned = options.plannedUsers ?? Math.min(...arms.map(({ users }) => users));
  const report = reportExperiment(
    metrics.map(({ name }) => name),
    arms,
    shares,
    planned,
  );
  if (options.json === true) printJson(report);
  else for (const line of experimentText(report)) print(line);
}

function metricColumns(text: string): MetricColumns {
  const [, numerator, denominator, covariate] = /^([^/~]+)(?:\/([^/~]+))?(?:~([^/~]+))?$/.exec(text) ?? [];
  if (numerator === undefined) {
    throw new InvalidArgumentError('Write column, numerator/denominator or column~covariate.');
  }
  const name = denominator === undefined ? numerator : `${numerator}/${denominator}`;
  return { name, numerator, denominator, covariate };
}
