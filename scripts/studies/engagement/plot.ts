import { drawFile } from '../../reports/draw.ts';
import { reliabilityDrawing } from '../../reports/plots/reliability.ts';
import type { Measured } from './measure.ts';

/** The reliability diagram of a label: of those models that send, not of those that choose. */
export function plotOf(label: string, measured: readonly Measured[]): string {
  const curves = measured
    .filter(({ name }) => ['FTRL, online', 'trees'].includes(name))
    .map(({ name, judgment }) => ({ name, bins: judgment.bins }));
  const title = `Share of impressions with a ${label} by predicted probability, in 15 bins of equal mass, with 95 % intervals by chance`;
  return drawFile(reliabilityDrawing(title, curves));
}
