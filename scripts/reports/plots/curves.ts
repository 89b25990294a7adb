import * as Plot from '@observablehq/plot';
import { type Drawing, colourOf } from '../draw.ts';
import { legendOf, numberText, scaleOf } from './shared.ts';

/** A curve, as points in any order. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

interface CurvesOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
  /** Whether an axis is logarithmic, which needs values above 0. Default: false. */
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Whether y begins at 0. Default: unless y is logarithmic. */
  readonly fromZero?: boolean;
  /** Draw points without lines. */
  readonly dots?: boolean;
}

/** Curves over a common x axis. */
export function curvesDrawing({
  title,
  x,
  y,
  curves,
  logX = false,
  logY = false,
  fromZero = !logY,
  dots = false,
}: CurvesOptions): Drawing {
  const names = curves.map(({ name }) => name);
  const points = curves.flatMap(({ name, points: all }) =>
    all.toSorted((a, b) => a.x - b.x).map((point) => ({ name, x: point.x, y: point.y })),
  );
  const colour = (each: { readonly name: string }): string => colourOf(names.indexOf(each.name));
  return {
    title,
    legend: names.length > 1 ? legendOf(names) : undefined,
    options: {
      height: 250,
      marginLeft: 50,
      marginRight: 18,
      marginBottom: 42,
      x: {
        label: x,
        ...scaleOf(
          logX,
          points.map((each) => each.x),
        ),
      },
      y: {
        label: y,
        ...scaleOf(
          logY,
          points.map((each) => each.y),
        ),
        grid: true,
        ...(fromZero && { zero: true }),
      },
      marks: [
        ...(dots ? [] : [Plot.line(points, { x: 'x', y: 'y', z: 'name', stroke: colour, strokeWidth: 2 })]),
        Plot.dot(points, {
          x: 'x',
          y: 'y',
          r: 2.5,
          fill: colour,
          title: (each: (typeof points)[number]) =>
            `${each.name}: ${numberText(each.x)}, ${numberText(each.y)}`,
        }),
      ],
    },
  };
}
