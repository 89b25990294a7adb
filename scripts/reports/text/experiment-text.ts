import { type Effect, type ExperimentReport, sampleRatioAlarm, verdictOf } from '../../../engine/index.ts';
import { printable, thousands } from '../../output.ts';
import { tableLines } from './format.ts';

/** The report of an experiment as lines of text. */
export function experimentText({ arms, sampleRatioPValue, metrics }: ExperimentReport): string[] {
  const users = arms.reduce((sum, arm) => sum + arm.users, 0);
  const armRows = arms.map(({ arm, users: count, share }) => [
    printable(arm),
    thousands(count),
    percent(count / users),
    percent(share),
  ]);
  return [
    ...tableLines({ columns: ['arm', 'users', 'share', 'intended'], rows: armRows }),
    sampleRatioPValue < sampleRatioAlarm
      ? `Sample-ratio mismatch (p = ${pText(sampleRatioPValue)}): something assigns, loses or counts users unequally. Do not trust the effects.`
      : `Users are spread as intended (sample-ratio p = ${pText(sampleRatioPValue)}).`,
    ...metrics.flatMap((metric) => metricLines(metric, arms[0]!.arm)),
  ];
}

function metricLines(
  { metric, controlValue, effects }: ExperimentReport['metrics'][number],
  control: string,
): string[] {
  const digits = digitsFor(effects.map(({ raw }) => raw.standardError));
  const rows = effects.flatMap(({ arm, value, raw, adjusted, pValueHolm }) => [
    [
      printable(arm),
      value.toFixed(digits),
      ...effectCells(raw, digits),
      adjusted === null ? pText(pValueHolm) : '',
    ],
    ...(adjusted === null ? [] : [['  adjusted', '', ...effectCells(adjusted, digits), pText(pValueHolm)]]),
  ]);
  const columns = ['arm', metric, 'difference', '± at one look', 'interval at any look', 'p'];
  return [
    '',
    `${metric}: ${controlValue.toFixed(digits)} in ${printable(control)}`,
    ...tableLines({ columns, rows }),
    ...effects.map(({ arm, raw, adjusted, pValueHolm }) => {
      const reduction =
        adjusted === null
          ? ''
          : ` The covariate explains ${percent(adjusted.varianceReduction)} of the variance.`;
      return `${printable(arm)}: ${verdict(adjusted ?? raw, pValueHolm, controlValue)}${reduction}`;
    }),
  ];
}

function effectCells({ difference, standardError, interval, always }: Effect, digits: number): string[] {
  const half = (interval.high - interval.low) / 2;
  const { low, high } = always.interval;
  return [
    signed(difference, digits),
    standardError > 0 ? half.toFixed(digits) : '–',
    Number.isFinite(low) ? `[${signed(low, digits)}, ${signed(high, digits)}]` : '–',
  ];
}

/** What may be said at any time. */
function verdict(effect: Effect, pValue: number, controlValue: number): string {
  if (!Number.isFinite(effect.always.interval.low)) return 'nothing to say yet.';
  const { verdict: found, largest } = verdictOf(effect, pValue, controlValue);
  if (found !== 'undecided') return `${found}.`;
  if (largest === null) return 'no difference shown so far.';
  return `no difference shown so far, and none larger than ${percent(largest)}.`;
}

/** Enough decimals for two significant digits of the smallest standard error. */
function digitsFor(standardErrors: readonly number[]): number {
  const smallest = Math.min(...standardErrors.filter((each) => each > 0));
  return Number.isFinite(smallest) ? Math.min(Math.max(1 - Math.floor(Math.log10(smallest)), 0), 12) : 4;
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(Math.abs(share) < 0.1 ? 1 : 0)} %`;
}

function pText(p: number): string {
  return p < 0.0001 ? '<0.0001' : p < 0.1 ? p.toFixed(4) : p.toFixed(2);
}
