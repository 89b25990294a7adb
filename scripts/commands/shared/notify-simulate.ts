import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import {
  type ClickModel,
  type ComparedPolicy,
  type SeedMean,
  clickModelSpecs,
  comparePolicies,
} from '../../../api/offline/notify-simulation/index.ts';
import { hintOf } from '../../../engine/index.ts';
import { print, printJson, thousands } from '../../output.ts';
import { tableLines } from '../../reports/text/format.ts';
import type { Point } from './notify-plots.ts';
import { UsageError, decimal, integer, jsonOption, outputFile, repeated } from './options.ts';

interface SimulateOptions {
  readonly people: number;
  readonly weeks: number;
  readonly cap: number;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly unsubscribeCost: number;
  readonly explore: number;
  readonly set?: readonly Setting[];
  readonly vary?: { readonly name: keyof ClickModel; readonly values: readonly number[] };
  readonly plot?: string;
  readonly json?: true;
}

/** Loaded for a plot only. */
const plots = async () => import('./notify-plots.ts');

interface Setting {
  readonly name: keyof ClickModel;
  readonly value: number;
}

/** `pinwalk notify simulate`. */
export function simulateCommand(): Command {
  return new Command('simulate')
    .description('Compare policies on simulated people: to all, a fixed cap, ours.')
    .option('--people <n>', 'people of each seed', integer(100, 1e6), 1_000)
    .option('--weeks <n>', 'weeks of each seed', integer(2, 520), 12)
    .option('--cap <n>', 'notifications a week and person of the fixed cap', integer(1, 7), 3)
    .option('--seeds <n>', 'seeds, which are the observations of the intervals', integer(2, 1_000), 20)
    .option('--first-seed <n>', 'the first seed', integer(0, 1e9), 1)
    .option(
      '--unsubscribe-cost <opens>',
      'opens that a person who leaves would still have given',
      decimal(0, 1e4),
      10,
    )
    .option('--explore <share>', 'share of the offers that chance decides', decimal(0, 0.5), 0.03)
    .option('--set <name=value>', 'a parameter of the click model; repeatable', repeated(setting))
    .option('--vary <name=values>', 'compare at each value of a parameter, such as fatigue=0,0.1,0.2', varied)
    .option(
      '--plot <file>',
      'write a plot: opens by week, or with --vary the gain by value (SVG)',
      outputFile,
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `\nParameters of the click model:\n${parameterLines().join('\n')}\n\nMore: docs/notifications.md`,
    )
    .action(simulate);
}

async function simulate({ set = [], vary, plot, json, ...options }: SimulateOptions): Promise<void> {
  const model = Object.fromEntries(set.map(({ name, value }) => [name, value])) as Partial<ClickModel>;
  const { people, weeks, cap, seeds, firstSeed, unsubscribeCost, explore } = options;
  const compare = (changes: Partial<ClickModel>): ComparedPolicy[] =>
    comparePolicies({
      model: { ...model, ...changes },
      people,
      weeks,
      perWeek: cap,
      seeds,
      firstSeed,
      unsubscribeCost,
      exploreShare: explore,
    });
  if (vary === undefined) {
    const policies = compare({});
    if (plot !== undefined) writeFileSync(plot, (await plots()).weeksPlot(policies));
    if (json === true) printJson({ policies });
    else for (const line of policyLines(policies)) print(line);
  } else {
    const points = vary.values.map((value) => ({ value, policies: compare({ [vary.name]: value }) }));
    if (plot !== undefined) writeFileSync(plot, (await plots()).gainPlot(vary.name, points));
    if (json === true) printJson({ parameter: vary.name, points });
    else for (const line of variedLines(vary.name, points)) print(line);
  }
  if (json !== true) print(`${thousands(people)} people, ${weeks} weeks, seeds ${firstSeed} to ${firstSeed + seeds - 1}.`); // prettier-ignore
}

function policyLines(policies: readonly ComparedPolicy[]): string[] {
  const columns = ['policy', 'sends', 'opens', 'unsubscribes', 'opens against the fixed cap', 'unsubscribes against it', 'off its budget']; // prettier-ignore
  const rows = policies.map(({ name, sends, opens, unsubscribes, versusCap, offBudgetMax }) => [
    name,
    thousands(Math.round(sends.mean)),
    thousands(Math.round(opens.mean)),
    thousands(Math.round(unsubscribes.mean)),
    percentText(versusCap.opens),
    percentText(versusCap.unsubscribes),
    offBudgetMax === null ? '' : `${(100 * offBudgetMax).toFixed(1)} %`,
  ]);
  return tableLines({ columns, rows });
}

function gainOf({ policies }: Point, policy: string): ComparedPolicy['versusCap'] {
  return policies.find(({ name }) => name === policy)!.versusCap;
}

function variedLines(name: string, points: readonly Point[]): string[] {
  const columns = [name, 'opens, ours', 'unsubscribes, ours', 'opens, if it knew the truth'];
  const rows = points.map((point) => [
    String(point.value),
    percentText(gainOf(point, 'ours').opens),
    percentText(gainOf(point, 'ours').unsubscribes),
    percentText(gainOf(point, 'ours, if it knew the truth').opens),
  ]);
  return [...tableLines({ columns, rows }), 'Against the fixed cap, at its volume.'];
}

function percentText({ mean, low, high }: SeedMean): string {
  return `${signed(mean)} % [${signed(low)}, ${signed(high)}]`;
}

function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}`;
}

function parameterLines(): string[] {
  return Object.entries(clickModelSpecs).map(
    ([name, { min, max, default: value, about }]) => `  ${name} (${value}; ${min} to ${max}): ${about}`,
  );
}

function setting(text: string): Setting {
  const { name, values } = varied(text);
  if (values.length === 1) return { name, value: values[0]! };
  throw new InvalidArgumentError('Not one value, such as fatigue=0.2.');
}

function varied(text: string): { name: keyof ClickModel; values: number[] } {
  const [name = '', list = ''] = text.split('=');
  const spec = (clickModelSpecs as Readonly<Record<string, (typeof clickModelSpecs)['fatigue']>>)[name];
  if (spec === undefined)
    throw new UsageError(`there is no parameter "${name}"; ${hintOf(name, Object.keys(clickModelSpecs))}`);
  const values = list.split(',').map((each) => decimal(spec.min, spec.max)(each));
  return { name: name as keyof ClickModel, values };
}
