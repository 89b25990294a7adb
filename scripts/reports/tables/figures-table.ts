import type { Comparison, Report } from '../../../api/offline/evaluate/index.ts';
import type { SweepReport } from '../../../api/offline/tune/index.ts';
import { type AccuracyMetric, type Interval, accuracyMetrics } from '../../../engine/index.ts';
import { settingText } from '../text/sweep-text.ts';

/** A figure of a table, with its interval. */
export interface Figure {
  readonly value: number;
  readonly interval: Interval;
  /** Whether it is significantly better than every other figure of its column. */
  readonly isBest: boolean;
  /** A difference is written with its sign. */
  readonly isDifference?: boolean;
}

/** Figures by setting and column; a missing figure was not measured. */
export interface FiguresTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly figures: readonly (Figure | undefined)[] }[];
}

/** Settings by accuracy metrics. The best of a metric is marked if it beats every other by the paired test, after Holm's correction. */
export function evaluateTable({ results, differences, confidence, k }: Report): FiguresTable {
  const beats = (a: string, b: string, metric: AccuracyMetric): boolean =>
    differences.some((each) => {
      const sign = each.a === a && each.b === b ? 1 : each.a === b && each.b === a ? -1 : 0;
      return each.metric === metric && sign * each.mean > 0 && each.pHolm < 1 - confidence;
    });
  const isBest = (name: string, metric: AccuracyMetric): boolean =>
    results.length > 1 && results.every((other) => other.name === name || beats(name, other.name, metric));
  return {
    columns: accuracyMetrics.map((metric) => `${metric}@${k}`),
    rows: results.map((result) => ({
      name: result.name,
      figures: accuracyMetrics.map((metric) => ({
        value: result[metric],
        interval: result.intervals[metric],
        isBest: isBest(result.name, metric),
      })),
    })),
  };
}

/** As {@link evaluateTable}, with the differences of the two settings. */
export function compareTable(comparison: Comparison): FiguresTable {
  const { columns, rows } = evaluateTable(comparison);
  const figures = accuracyMetrics.map((metric) => {
    const { mean, interval } = comparison.differences.find((each) => each.metric === metric)!;
    return { value: mean, interval, isBest: false, isDifference: true };
  });
  const name = rows.map((row) => row.name).join(' − ');
  return { columns, rows: [...rows, { name, figures }] };
}

/**
 * Trials by part. In the validation part nothing is marked, since the best of many trials is partly luck; in the test part, the better of
 * the chosen setting and the baseline is marked if the paired test separates them.
 */
export function sweepTable({ metric, k, confidence, trials, chosen, test }: SweepReport): FiguresTable {
  const isSignificant = test !== null && test.difference.p < 1 - confidence;
  const leads = test === null ? 0 : test.difference.mean;
  const tested = (part: 'chosen' | 'baseline', sign: number): Figure | undefined =>
    test === null
      ? undefined
      : {
          value: test[part].figures[metric],
          interval: test[part].interval,
          isBest: isSignificant && sign * leads > 0,
        };
  const rows = trials.map(({ trial, name, varied, figures, interval }) => ({
    name: settingText(name, varied),
    figures: [
      { value: figures[metric], interval, isBest: false },
      trial === chosen?.trial ? tested('chosen', 1) : undefined,
    ],
  }));
  const baseline = {
    name: `${test?.baseline.name} (baseline)`,
    figures: [undefined, tested('baseline', -1)],
  };
  return {
    columns: [`${metric}@${k}, validation`, `${metric}@${k}, test`],
    rows: test === null ? rows : [...rows, baseline],
  };
}
