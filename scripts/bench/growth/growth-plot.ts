import { drawFile } from '../../reports/draw.ts';
import { curvesDrawing } from '../../reports/plots/curves.ts';
import type { Grown } from './grow.ts';

/** Seconds of each stage against saves, both logarithmic, with the line of time in proportion to saves. */
export function growthPlot(grown: readonly Grown[]): string {
  const names = ['import', 'build', 'verify'];
  const curves = [
    ...names.map((name) => ({
      name,
      points: grown.map((each) => ({ x: each.saves, y: secondsOf(each, name) })),
    })),
    { name: 'ready', points: grown.map(({ saves, served }) => ({ x: saves, y: served.readySeconds })) },
    {
      name: 'in proportion to saves',
      points: grown.map(({ saves }) => ({
        x: saves,
        y: (secondsOf(grown[0]!, 'import') * saves) / grown[0]!.saves,
      })),
    },
  ];
  const title = 'Seconds of each stage against the number of saves';
  return drawFile(curvesDrawing({ title, x: 'saves', y: 'seconds', curves, logX: true, logY: true }));
}

function secondsOf({ stages }: Grown, name: string): number {
  return stages.find((stage) => stage.name === name)!.seconds;
}
