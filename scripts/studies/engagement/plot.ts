import { drawFile } from '../../reports/draw.ts';
import { curvesDrawing } from '../../reports/plots/curves.ts';
import type { Measured } from './measure.ts';

/** Predicted against observed rates of those models that send, not of those that choose. */
export function plotOf(measured: readonly Measured[]): string {
  const curves = measured
    .filter(({ name }) => ['FTRL, online', 'trees', 'blend of both'].includes(name))
    .map(({ name, judgment }) => ({
      name,
      points: judgment.bins.map(({ predicted, observed }) => ({ x: predicted, y: observed })),
    }));
  const ideal = { name: 'as predicted', points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] }; // prettier-ignore
  const title = 'Share of impressions with a click by predicted probability, in 15 bins of equal mass';
  return drawFile(curvesDrawing({ title, x: 'predicted', y: 'observed', curves: [...curves, ideal] }));
}
