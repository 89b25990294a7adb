import * as Plot from '@observablehq/plot';
import { colourOf, draw } from '../draw.ts';
import type { Html } from '../html.ts';
import { distinct, labelRoom, numberText } from './shared.ts';

/** Values of pairs. */
interface HeatMap {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** The name of the values. */
  readonly value: string;
  readonly cells: readonly { readonly x: string; readonly y: string; readonly value: number }[];
}

/** A heat map with a cell for each pair, in the order of the input, labelled with its value; the maximum has a frame. */
export function heatMap({ title, x, y, value, cells }: HeatMap): Html {
  const [columns, rows] = [distinct(cells, 'x'), distinct(cells, 'y')];
  const values = cells.map((cell) => cell.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const ink = (each: { readonly value: number }): number =>
    high === low ? 0.5 : 0.08 + 0.77 * ((each.value - low) / (high - low));
  return draw({
    title: `${title}; ${value} from ${numberText(low)} to ${numberText(high)}`,
    options: {
      height: 72 + 34 * rows.length,
      marginLeft: labelRoom(rows) + 14,
      marginBottom: 42,
      x: { type: 'band', domain: columns, label: x, padding: 0.04 },
      y: { type: 'band', domain: rows, label: y, padding: 0.06 },
      marks: [
        Plot.cell(cells, {
          x: 'x',
          y: 'y',
          fill: colourOf(0),
          fillOpacity: ink,
          stroke: (each: (typeof cells)[number]) => (each.value === high ? 'currentColor' : 'none'),
          strokeWidth: 1.5,
        }),
        Plot.text(cells, {
          x: 'x',
          y: 'y',
          text: (each: (typeof cells)[number]) => numberText(each.value),
          fontSize: columns.length > 6 ? 9 : 11,
        }),
      ],
    },
  });
}
