import * as Plot from '@observablehq/plot';
import { colourOf, draw } from '../draw.ts';
import type { Html } from '../html.ts';
import { distinct, hasInterval, labelRoom, legendOf, estimateText } from './shared.ts';

/** A value with its confidence interval. */
interface Estimate {
  /** The series, which has a colour. */
  readonly name: string;
  /** The measured quantity. */
  readonly row: string;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** Estimates with intervals: a block for each row, in it a line for each series. Differences have a rule at 0. */
export function intervalPlot(
  title: string,
  x: string,
  estimates: readonly Estimate[],
  areDifferences = false,
): Html {
  const [names, rows] = [distinct(estimates, 'name'), distinct(estimates, 'row')];
  const marginLeft = labelRoom(rows);
  const lineHeight = names.length > 3 ? 11 : 14;
  return draw({
    title,
    legend: names.length > 1 ? legendOf(names) : undefined,
    options: {
      marginLeft,
      marginRight: 14,
      marginBottom: 42,
      height: 66 + rows.length * (names.length * lineHeight + 10),
      x: { label: x, ticks: 5, nice: true, ...(areDifferences && { zero: true }) },
      y: { axis: null, type: 'point', domain: names, padding: 0.4 },
      fy: { label: null, domain: rows, padding: 0.15 },
      marks: [
        Plot.axisFy({ anchor: 'left', label: null, dx: -6, textAnchor: 'end' }),
        Plot.gridX({ ticks: 5 }),
        ...(areDifferences ? [Plot.ruleX([0], { strokeOpacity: 0.6 })] : []),
        Plot.ruleY(estimates.filter(hasInterval), {
          fy: 'row',
          y: 'name',
          x1: 'low',
          x2: 'high',
          stroke: (each: Estimate) => colourOf(names.indexOf(each.name)),
          strokeWidth: 2,
          strokeOpacity: 0.6,
        }),
        Plot.dot(estimates, {
          fy: 'row',
          y: 'name',
          x: 'value',
          r: 3.5,
          fill: (each: Estimate) => colourOf(names.indexOf(each.name)),
          title: (each: Estimate) => `${each.name}, ${each.row}: ${estimateText(each)}`,
        }),
      ],
    },
  });
}
