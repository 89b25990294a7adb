import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import type { SweepReport } from '../../api/offline/tune/index.ts';
import { print } from '../output.ts';
import { drawFile } from '../reports/draw.ts';
import { type Curve, curvesDrawing } from '../reports/plots/curves.ts';
import { UsageError } from '../commands/shared/options.ts';

interface SweepPlotOptions {
  readonly x: string;
  readonly y: string;
  readonly names?: string;
  readonly logX?: true;
  readonly plot: string;
}

type Trial = SweepReport['trials'][number];

export function sweepPlotCommand(): Command {
  return new Command('sweep-plot')
    .description(
      'Plot a metric by one parameter from reports of pinwalk sweep --json: a curve for each report and algorithm.',
    )
    .argument('<reports...>', 'files of reports')
    .requiredOption(
      '--x <parameter>',
      'a numeric parameter; of trials with the same value, the best by y is plotted',
    )
    .option('--y <figure>', 'a metric (the highest is best), or msPerQueryP50 (the lowest is best)', 'ndcg')
    .option('--names <list>', 'names of the reports, separated by commas')
    .option('--log-x', 'a logarithmic x axis')
    .requiredOption('--plot <file>', 'SVG to write')
    .action((files: string[], options: SweepPlotOptions) => {
      const names = options.names?.split(',') ?? files.map((file) => path.basename(file, '.json'));
      const curves = files.flatMap((file, i) => {
        const { trials } = JSON.parse(readFileSync(file, 'utf8')) as SweepReport;
        return curvesOf(trials, names[i] ?? file, options);
      });
      const title = `${options.y} by ${options.x}`;
      const { x, y, logX = false } = options;
      writeFileSync(options.plot, drawFile(curvesDrawing({ title, x, y, curves, logX, fromZero: false })));
      for (const { name, points } of curves) {
        print(`${name}: ${points.map((point) => `${point.x} ${point.y.toPrecision(4)}`).join(', ')}`);
      }
    });
}

/** A curve for each algorithm or preset of a report, without those that lack the parameter, unless all do. */
function curvesOf(trials: readonly Trial[], name: string, { x, y }: SweepPlotOptions): Curve[] {
  const all = [...new Set(trials.map((trial) => trial.name))];
  const withParam = all.filter((each) =>
    trials.some((trial) => trial.name === each && Object.hasOwn(trial.params, x)),
  );
  const algorithms = withParam.length > 0 ? withParam : all;
  return algorithms.map((algorithm) => {
    const best = new Map<number, number>();
    for (const trial of trials.filter((each) => each.name === algorithm)) {
      const at = trial.params[x];
      if (typeof at !== 'number') throw new UsageError(`${algorithm} has no numeric parameter ${x}`);
      const value = figureOf(trial, y);
      const before = best.get(at);
      const isBetter = before === undefined || (isTime(y) ? value < before : value > before);
      if (isBetter) best.set(at, value);
    }
    const points = [...best].map(([at, value]) => ({ x: at, y: value })).toSorted((a, b) => a.x - b.x);
    return { name: algorithms.length > 1 ? `${name}, ${algorithm}` : name, points };
  });
}

function figureOf({ figures, measured }: Trial, y: string): number {
  const all: Readonly<Record<string, unknown>> = { ...figures, ...measured };
  const value = all[y];
  if (typeof value !== 'number')
    throw new UsageError(`there is no figure ${y}; the figures are ${Object.keys(all).join(', ')}`);
  return value;
}

function isTime(y: string): boolean {
  return y.startsWith('ms');
}
