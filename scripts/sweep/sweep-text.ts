import type { SweepPlan, SweepQuestion, SweepReport, TriedSetting } from '../../api/index.ts';
import type { Params } from '../../engine/index.ts';
import { figure, interval, signed } from '../evaluation/figures-text.ts';
import { grid, thousands } from '../output.ts';

const shownMax = 20;

/** What a sweep will do, as lines of text. */
export function planText(
  { search, metric, k, baseline }: SweepQuestion,
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
      ...settings.slice(0, shownMax).map(({ number, name, varied }) => [String(number), told(name, varied)]),
    ]),
    ...(settings.length > shownMax ? [`… and ${settings.length - shownMax} more (--json has them)`] : []),
  ];
}

/** The report of a sweep as lines of text. */
export function sweepText(report: SweepReport): string[] {
  const { metric, k, trials, rungs, chosen, test, warnings } = report;
  const hasRounds = rungs.length > 1;
  const rows = trials.slice(0, shownMax).map((each) => trialRow(each, metric, hasRounds));
  const title = ['trial', hasRounds ? 'round' : '', 'users', `${metric}@${k}`, '', 'p50 / p99 ms', 'setting'];
  return [
    'Validation part, best first:',
    ...grid([title, ...rows]),
    ...(trials.length > shownMax ? [`… and ${trials.length - shownMax} more (--json has them)`] : []),
    '~ cannot be told from the best; ! is over a limit; times are as measured, with all threads at work',
    '',
    ...(chosen === null
      ? ['Nothing was chosen.']
      : [`Chosen: trial ${chosen.trial}, ${told(chosen.name, chosen.varied)}`]),
    ...(test === null ? [] : ['', ...testText(report, test)]),
    ...warnings.flatMap((warning) => ['', `Beware: ${warning}.`]),
  ];
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
    told(name, varied),
  ];
}

function testText(
  { metric, k, resamples }: SweepReport,
  { chosen, baseline, difference }: NonNullable<SweepReport['test']>,
): string[] {
  const row = (title: string, { figures, interval: about, measured }: TriedSetting): string[] => [
    title,
    thousands(figures.users),
    `${figure(figures[metric])} ${interval(about)}`,
    `${measured.msPerQueryP50.toFixed(1)} / ${measured.msPerQueryP99.toFixed(1)}`,
  ];
  const { mean, interval: about, p } = difference;
  return [
    'Test part:',
    ...grid([
      ['', 'users', `${metric}@${k}`, 'p50 / p99 ms'],
      row('chosen', chosen),
      row(baseline.name, baseline),
    ]),
    `chosen − ${baseline.name}: ${signed(mean)} ${interval(about, signed)}, p ${p.toFixed(4)} ` +
      `(paired test of ${thousands(resamples)} tosses): ${verdict(mean, p)}`,
  ];
}

function verdict(mean: number, p: number): string {
  if (p >= 0.05) return 'they cannot be told apart';
  return mean > 0 ? 'the chosen one is better' : 'the chosen one is worse';
}

function told(name: string, varied: Params): string {
  return [name, ...Object.entries(varied).map(([param, value]) => `${param} ${value}`)].join(', ');
}

function count(value: number, noun: string): string {
  return `${thousands(value)} ${noun}${value === 1 ? '' : 's'}`;
}

function minutes(seconds: number): string {
  if (seconds < 90) return `${Math.max(Math.ceil(seconds), 1)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
