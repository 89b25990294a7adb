import * as Plot from '@observablehq/plot';
import { colourOf, draw } from '../draw.ts';
import type { Html } from '../html.ts';
import { hasInterval, legendOf, numberText, scaleOf, estimateText } from './shared.ts';

/** A setting with its cost and its value. */
interface TradeOff {
  readonly name: string;
  readonly cost: number;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** The Pareto-optimal points: no other is at least as good in both and better in one. Cheapest first. O(n²). */
export function paretoFront<Point extends Pick<TradeOff, 'cost' | 'value'>>(
  points: readonly Point[],
): Point[] {
  return points
    .filter(
      (point) =>
        !points.some(
          (other) =>
            other.cost <= point.cost &&
            other.value >= point.value &&
            (other.cost < point.cost || other.value > point.value),
        ),
    )
    .toSorted((a, b) => a.cost - b.cost);
}

/** Value against cost, on a logarithmic axis, with a line through the Pareto front. */
export function tradeOffPlot(title: string, x: string, y: string, points: readonly TradeOff[]): Html {
  const areFew = points.length <= 7;
  const colour = (each: TradeOff): string => (areFew ? colourOf(points.indexOf(each)) : colourOf(0));
  return draw({
    title,
    legend: areFew ? legendOf(points.map(({ name }) => name)) : undefined,
    options: {
      height: 260,
      marginLeft: 50,
      marginRight: 18,
      marginBottom: 42,
      x: {
        label: x,
        ...scaleOf(
          true,
          points.map(({ cost }) => cost),
        ),
      },
      y: { label: y, grid: true, nice: true, ticks: 5 },
      marks: [
        Plot.line(paretoFront(points), {
          x: 'cost',
          y: 'value',
          curve: 'step-after',
          strokeOpacity: 0.5,
          strokeDasharray: '4 3',
        }),
        Plot.ruleX(points.filter(hasInterval), {
          x: 'cost',
          y1: 'low',
          y2: 'high',
          stroke: colour,
          strokeWidth: 2,
          strokeOpacity: 0.6,
        }),
        Plot.dot(points, {
          x: 'cost',
          y: 'value',
          r: areFew ? 4.5 : 3,
          fill: colour,
          title: (each: TradeOff) => `${each.name}: ${numberText(each.cost)}, ${estimateText(each)}`,
        }),
      ],
    },
  });
}
