import * as Plot from '@observablehq/plot';
import { colourOf, draw } from '../draw.ts';
import type { Html } from '../html.ts';
import { legendOf, estimateText } from './shared.ts';

/** A curve over classes, such as ranges of counts, with an interval for each value. */
interface ClassCurve {
  readonly name: string;
  readonly points: readonly {
    readonly class: string;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
}

/** Curves over `classes`, in order from left to right. A curve may lack some classes. */
export function classCurvesPlot(
  title: string,
  x: string,
  y: string,
  classes: readonly string[],
  curves: readonly ClassCurve[],
): Html {
  const names = curves.map(({ name }) => name);
  const points = curves.flatMap(({ name, points: all }) =>
    all.map((point) => ({ name, at: point.class, value: point.value, low: point.low, high: point.high })),
  );
  const colour = (each: { readonly name: string }): string => colourOf(names.indexOf(each.name));
  return draw({
    title,
    legend: legendOf(names),
    options: {
      height: 250,
      marginLeft: 50,
      marginRight: 18,
      marginBottom: 42,
      x: { type: 'point', domain: classes, label: x, padding: 0.3 },
      y: { label: y, grid: true, nice: true, zero: true, ticks: 5 },
      marks: [
        Plot.ruleX(points, {
          x: 'at',
          y1: 'low',
          y2: 'high',
          stroke: colour,
          strokeWidth: 2,
          strokeOpacity: 0.45,
        }),
        Plot.line(points, { x: 'at', y: 'value', z: 'name', stroke: colour, strokeWidth: 2 }),
        Plot.dot(points, {
          x: 'at',
          y: 'value',
          r: 2.5,
          fill: colour,
          title: (each: (typeof points)[number]) => `${each.name}, ${each.at}: ${estimateText(each)}`,
        }),
      ],
    },
  });
}
