import { formatPercent } from '../format/index.ts';
import type { ExperimentReportResponse } from '../rest/index.ts';

export type Metric = ExperimentReportResponse['metrics'][number];
export type ArmEffect = Metric['effects'][number];

/** A share as "2 %", "0.4 %" or "−1.3 %". */
function percentText(share: number): string {
  return formatPercent(share, Math.abs(share) < 0.1 ? 1 : 0);
}

/** A difference with its sign. */
export function signedPercent(share: number): string {
  return share > 0 ? `+${percentText(share)}` : percentText(share);
}

/** A value of a metric: shares as percentages, other means as they are. */
export function valueText(value: number | null, metric: string): string {
  if (value === null) return '–';
  return metric.endsWith('/impressions') ? formatPercent(value, 2) : value.toPrecision(3);
}

/** What may be said of an arm today, in plain words. */
export function wordsOf({ arm, raw, adjusted, verdict, largest, isHarm }: ArmEffect, metric: Metric): string {
  const { low, high } = (adjusted ?? raw).anyLook;
  const { controlValue } = metric;
  if (low === null || high === null || controlValue === null || controlValue === 0)
    return `${arm}: nothing to say yet.`;
  if (verdict === 'undecided') {
    return largest === null
      ? `${arm}: nothing to say yet.`
      : `${arm}: no difference larger than ${percentText(largest)} so far.`;
  }
  const [from, to] = [low, high].map((each) => Math.abs(each / controlValue)).toSorted((a, b) => a - b);
  return `${arm}: ${verdict}, by ${percentText(from!)} to ${percentText(to!)}.${isHarm ? ' That does harm.' : ''}`;
}
