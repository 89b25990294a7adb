import type { ComparedPolicy } from '../../../api/offline/notify-simulation/index.ts';
import { drawFile } from '../../reports/draw.ts';
import { curvesDrawing } from '../../reports/plots/curves.ts';

/** Of a varied parameter. */
export interface Point {
  readonly value: number;
  readonly policies: readonly ComparedPolicy[];
}

/** Opens by week of sending to all, the fixed cap and ours, as SVG. */
export function weeksPlot(policies: readonly ComparedPolicy[]): string {
  const names = new Set(['to all, every day', policies[1]!.name, 'ours']);
  const curves = policies
    .filter(({ name }) => names.has(name))
    .map(({ name, opensByWeek }) => ({ name, points: opensByWeek.map((y, week) => ({ x: week + 1, y })) }));
  return drawFile(curvesDrawing({ title: 'Opens by week', x: 'week', y: 'opens', curves }));
}

/** What ours gains, by the value of a parameter, as SVG. */
export function gainPlot(name: string, points: readonly Point[]): string {
  const curves = ['ours', 'ours, if it knew the truth'].map((policy) => ({
    name: policy,
    points: points.map(({ value, policies }) => ({
      x: value,
      y: 100 * policies.find((each) => each.name === policy)!.versusCap.opens.mean,
    })),
  }));
  return drawFile(
    curvesDrawing({
      title: `Opens against the fixed cap by ${name}`,
      x: name,
      y: '% more opens',
      curves,
    }),
  );
}
