import * as Plot from '@observablehq/plot';
import { z95 } from '../../../engine/index.ts';
import { type Drawing, colourOf } from '../draw.ts';
import { legendOf, numberText, scaleOf } from './shared.ts';

/** Predicted and observed rates of a model, by bin. */
interface ReliabilityCurve {
  readonly name: string;
  readonly bins: readonly { readonly rows: number; readonly predicted: number; readonly observed: number }[];
}

/** A reliability diagram on logarithmic axes, with the 95 % interval that chance alone gives each bin; on the diagonal, rates are as predicted. */
export function reliabilityDrawing(title: string, curves: readonly ReliabilityCurve[]): Drawing {
  const names = curves.map(({ name }) => name);
  const points = curves.flatMap(({ name, bins }) =>
    bins
      .filter(({ predicted, observed }) => predicted > 0 && observed > 0)
      .map(({ rows, predicted, observed }) => {
        const margin = z95 * Math.sqrt((observed * (1 - observed)) / rows);
        return { name, predicted, observed, low: Math.max(observed - margin, observed / 10), high: observed + margin }; // prettier-ignore
      }),
  );
  const rates = points.flatMap(({ predicted, low, high }) => [predicted, low, high]);
  const [first, last] = [Math.min(...rates), Math.max(...rates)];
  const colour = (each: { readonly name: string }): string => colourOf(names.indexOf(each.name));
  return {
    title,
    legend: names.length > 1 ? legendOf(names) : undefined,
    options: {
      height: 320,
      marginLeft: 50,
      marginRight: 18,
      marginBottom: 42,
      x: { label: 'predicted', ...scaleOf(true, rates), grid: true },
      y: { label: 'observed', ...scaleOf(true, rates), grid: true },
      marks: [
        Plot.line(
          [first, last].map((rate) => [rate, rate]),
          { stroke: 'currentColor', strokeOpacity: 0.5, strokeDasharray: '4 3' },
        ),
        Plot.ruleX(points, { x: 'predicted', y1: 'low', y2: 'high', stroke: colour, strokeWidth: 1.5 }),
        Plot.dot(points, {
          x: 'predicted',
          y: 'observed',
          r: 3,
          fill: colour,
          title: (each: (typeof points)[number]) =>
            `${each.name}: ${numberText(each.predicted)} predicted, ${numberText(each.observed)} observed`,
        }),
      ],
    },
  };
}
