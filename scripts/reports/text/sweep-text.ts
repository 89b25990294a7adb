import type {
  SweepPlan,
  SweepDefinition,
  SweepReport,
  TrialReport,
} from '../../../api/offline/tune/index.ts';
import { tiesText } from '../../../api/offline/evaluate/index.ts';
import type { Params } from '../../../engine/index.ts';

import { grid, thousands } from '../../output.ts';
import {
  type TextTable,
  countText,
  detectableText,
  figureText,
  intervalText,
  signedText,
  tableLines,
} from './format.ts';

/** Maximum number of settings or trials to print. */
const shownMax = 20;

/** The plan of a sweep as lines of text. */
export function planText(
  { search, metric, k, baseline }: SweepDefinition,
  { settings, rungs, queries }: SweepPlan,
  kept: number,
  seconds: number,
  threads: number,
): string[] {
  const rounds = rungs.map((rung, i) => {
    const round = rungs.length === 1 ? '' : `round ${i + 1}: `;
    return `${round}${countText(rung.settings, 'setting')}, each for ${countText(rung.users, 'user')}`;
  });
  return [
    `${search.method} search over ${countText(settings.length, 'setting')}, by ${metric}@${k} on the validation part`,
    ...rounds,
    `then the best and ${baseline.name}, once each, on the test part: ${thousands(queries)} queries in total`,
    ...(kept > 0 ? [`${countText(kept, 'trial')} of the first round already stored`] : []),
    `about ${minutes(seconds)} without stored trials, on ${countText(threads, 'thread')}`,
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

/** The meaning of the marks in {@link trialsTable}. */
export const marksText: string =
  '~ not distinguishable from the best; ! over a limit; times measured with all threads busy';

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
      ? ['No setting was chosen.']
      : [`Chosen: trial ${chosen.trial}, ${settingText(chosen.name, chosen.varied)}`]),
    ...(test === null ? [] : ['', ...testText(report, test)]),
    ...tiesNotes(report).flatMap((note) => ['', note]),
    ...warnings.flatMap((warning) => ['', `Warning: ${warning}.`]),
  ];
}

/** How many ties of time the two splits broke, a sentence each. */
export function tiesNotes({ ties }: SweepReport): string[] {
  return (['validation', 'test'] as const).flatMap((part) => {
    const ofPart = ties[part];
    return ofPart === null || ofPart.tied === 0 ? [] : [`In the ${part} part, ${tiesText(ofPart)}.`];
  });
}

/** At most `trialsMax` trials, best first within their round. */
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
    `${figureText(figures[metric])} ${intervalText(one.interval)}`,
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
  const row = (title: string, { figures, interval, measured }: TrialReport): string[] => [
    title,
    thousands(figures.users),
    `${figureText(figures[metric])} ${intervalText(interval)}`,
    `${measured.msPerQueryP50.toFixed(1)} / ${measured.msPerQueryP99.toFixed(1)}`,
  ];
  return {
    columns: ['', 'users', `${metric}@${k}`, 'p50 / p99 ms'],
    rows: [row('chosen', chosen), row(baseline.name, baseline)],
  };
}

/** The paired difference, and which of the two is better. */
export function testVerdict(
  { resamples }: SweepReport,
  { baseline, difference }: NonNullable<SweepReport['test']>,
): string {
  const { mean, interval, detectable, p } = difference;
  return (
    `chosen − ${baseline.name}: ${signedText(mean)} ${intervalText(interval, signedText)}, p ${p.toFixed(4)} ` +
    `(paired test, ${thousands(resamples)} permutations): ${verdict(mean, p)}; smallest detectable difference ${detectableText(detectable)}`
  );
}

function verdict(mean: number, p: number): string {
  if (p >= 0.05) return 'no significant difference';
  return mean > 0 ? 'the chosen setting is better' : 'the chosen setting is worse';
}

/** "feed, steps 20000": a setting by its varied parameters. */
export function settingText(name: string, varied: Params): string {
  return [name, ...Object.entries(varied).map(([param, value]) => `${param} ${value}`)].join(', ');
}

function minutes(seconds: number): string {
  if (seconds < 90) return `${Math.max(Math.ceil(seconds), 1)} s`;
  return seconds < 5_400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
