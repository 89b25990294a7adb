import * as Plot from '@observablehq/plot';
import { colourOf, draw, restColour } from '../draw.ts';
import type { Html } from '../html.ts';
import { distinct, labelRoom, numberText, scaleOf, shortened } from './shared.ts';

/** A part of a row's bar. */
interface Bar {
  readonly row: string;
  /** The series, which has a colour. */
  readonly name: string;
  readonly value: number;
}

/** Stacked bars, one per row, in the order of the rows; the series `rest` is grey. */
export function barPlot(title: string, x: string, bars: readonly Bar[], rest?: string): Html {
  const [names, rows] = [distinct(bars, 'name'), distinct(bars, 'row')];
  const colour = (name: string): string => (name === rest ? restColour : colourOf(names.indexOf(name)));
  return draw({
    title,
    legend: names.length > 1 ? names.map((name) => ({ name, colour: colour(name) })) : undefined,
    options: {
      height: 62 + 22 * rows.length,
      marginLeft: labelRoom(rows),
      marginRight: 14,
      marginBottom: 42,
      x: {
        label: x,
        ...scaleOf(
          false,
          bars.map(({ value }) => value),
        ),
        zero: true,
        grid: true,
      },
      y: { type: 'band', domain: rows, label: null, tickFormat: shortened },
      marks: [
        Plot.barX(bars, {
          x: 'value',
          y: 'row',
          z: 'name',
          fill: (each: Bar) => colour(each.name),
          title: (each: Bar) => `${each.row}, ${each.name}: ${numberText(each.value)}`,
        }),
        Plot.ruleX([0]),
      ],
    },
  });
}
