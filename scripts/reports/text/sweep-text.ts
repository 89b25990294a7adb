import type { SweepPlan, SweepDefinition, SweepReport, TriedSetting } from '../../../api/index.ts';
import type { Params } from '../../../engine/index.ts';
import { figure, interval, signed } from './figures-text.ts';
import { grid, thousands } from '../../output.ts';
import { type TextTable, tableLines } from './text-table.ts';

const shownMax = 20;

/** What a sweep will do, as lines of text. */
export function planText(
  { search, metric, k, baseline }: SweepDefinition,
  { settings, rungs, queries }: SweepPlan,
  kept: number,
  seconds: number,
  threads: number,
): string[] {
  const rounds = rungs.map((rung, i) => {
    const round = rungs.length === 1 ? '' : `round ${i + 1}: `;
    return `${round}${count(rung.settings, 'setting')}, each for ${count(rung.users, 'user')}`;
  });
  return [
    `${search.method} search over ${count(settings.length, 'setting')}, by ${metric}@${k} of the validation part`,
    ...rounds,
    `then the best and ${baseline.name}, once, on the test part: ${thousands(queries)} queries in all`,
    ...(kept > 0 ? [`${kept} of the first round are kept from before`] : []),
    `about ${minutes(seconds)} from the start, on ${count(threads, 'thread')}`,
    '',
    ...grid([
      ['trial', 'setting'],
      ...settings
        .slice(0, shownMax)
        .map(({ number, name, varied }) => [String(number), settingText(name, varied)]),
    ]),
    ...(settings.length > shownMax ? [`… and ${settings.length - shownMax} more (--json has them)`] : []),
  ];
}

/** What the marks in {@link trialsTable} mean. */
export const marksText: string =
  '~ cannot be told from the best; ! is over a limit; times are as measured, with all threads at work';

/** The report of a sweep as lines of text. */
export function sweepText(report: SweepReport): string[] {
  const { trials, chosen, test, warnings } = report;
  return [
    'Validation part, best first:',
    ...tableLines(trialsTable(report, shownMax)),
    ...(trials.length > shownMax ? [`… and ${trials.length - shownMax} more (--json has them)`] : []),
    marksText,
    '',
    ...(chosen === null
      ? ['Nothing was chosen.']
      : [`Chosen: trial ${chosen.trial}, ${settingText(chosen.name, chosen.varied)}`]),
    ...(test === null ? [] : ['', ...testText(report, test)]),
    ...warnings.flatMap((warning) => ['', `Beware: ${warning}.`]),
  ];
}

/** The trials, best first within their round; at most so many. */
export function trialsTable(
  { metric, k, trials, rungs }: SweepReport,
  trialsMax: number = Infinity,
): TextTable {
  const hasRounds = rungs.length > 1;
  return {
    columns: ['trial', hasRounds ? 'round' : '', 'users', `${metric}@${k}`, '', 'p50 / p99 ms', 'setting'],
    rows: trials.slice(0, trialsMax).map((each) => trialRow(each, metric, hasRounds)),
  };
}

function trialRow(
  one: SweepReport['trials'][number],
  metric: SweepReport['metric'],
  hasRounds: boolean,
): string[] {
  const { trial, rung, name, varied, figures, measured, isWithinNoise, isOverLimits } = one;
  return [
    String(trial),
    hasRounds ? String(rung) : '',
    thousands(figures.users),
    `${figure(figures[metric])} ${interval(one.interval)}`,
    `${isWithinNoise ? '~' : ''}${isOverLimits ? '!' : ''}`,
    `${measured.msPerQueryP50.toFixed(1)} / ${measured.msPerQueryP99.toFixed(1)}`,
    settingText(name, varied),
  ];
}

function testText(report: SweepReport, test: NonNullable<SweepReport['test']>): string[] {
  return ['Test part:', ...tableLines(testTable(report, test)), testVerdict(report, test)];
}

/** The chosen setting and the baseline on the test part. */
export function testTable(
  { metric, k }: SweepReport,
  { chosen, baseline }: NonNullable<SweepReport['test']>,
): TextTable {
  const row = (title: string, { figures, interval: about, measured }: TriedSetting): string[] => [
    title,
    thousands(figures.users),
    `${figure(figures[metric])} ${interval(about)}`,
    `${measured.msPerQueryP50.toFixed(1)} / ${measured.msPerQueryP99.toFixed(1)}`,
  ];
  return {
    columns: ['', 'users', `${metric}@${k}`, 'p50 / p99 ms'],
    rows: [row('chosen', chosen), row(baseline.name, baseline)],
  };
}

/** Which of the two is better, in a sentence. */
export function testVerdict(
  { resamples }: SweepReport,
  { baseline, difference }: NonNullable<SweepReport['test']>,
): string {
  const { mean, interval: about, p } = difference;
  return (
    `chosen − ${baseline.name}: ${signed(mean)} ${interval(about, signed)}, p ${p.toFixed(4)} ` +
    `(paired test of ${thousands(resamples)} tosses): ${verdict(mean, p)}`
  );
}

function verdict(mean: number, p: number): string {
  if (p >= 0.05) return 'they cannot be told apart';
  return mean > 0 ? 'the chosen one is better' : 'the chosen one is worse';
}

/** "feed, steps 20000": what was tried, by what was varied. */
export function settingText(name: string, varied: Params): string {
  return [name, ...Object.entries(varied).map(([param, value]) => `${param} ${value}`)].join(', ');
}

function count(value: number, noun: string): string {
  return `${thousands(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function minutes(seconds: number): string {
  if (seconds < 90) return `${Math.max(Math.ceil(seconds), 1)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
