import type { SweepReport } from '../../api/offline/tune/index.ts';
import { draw } from './draw.ts';
import { type Html, html } from './html.ts';
import { figure, figures } from './page.ts';
import { curvesDrawing } from './plots/curves.ts';
import { heatMap } from './plots/heat-map.ts';
import { intervalPlot } from './plots/interval-plot.ts';

type Trial = SweepReport['trials'][number];
type Value = Trial['varied'][string];

/** Maximum number of heat maps for each algorithm. */
const pairsMax = 6;
/** With more cells in a row, their values do not fit. */
const cellsMax = 12;
/** From this ratio of largest to smallest value on, the axis is logarithmic. */
const wideRatio = 20;

/**
 * The metric by parameter: for a grid, heat maps of two parameters at a time, best over the others; otherwise all trials
 * by each parameter, in a colour for each round, as rounds evaluate different users.
 */
export function parameterPlots(report: SweepReport): Html[] {
  const names = [...new Set(report.trials.map(({ name }) => name))];
  return names.map((name) => {
    const trials = report.trials.filter((each) => each.name === name);
    const params = Object.keys(trials[0]!.varied).filter((param) => valuesOf(trials, param).length > 1);
    const areCells = report.search.method === 'grid' && params.length > 1;
    const plots = areCells
      ? pairsOf(params)
          .filter((pair) => pair.every((param) => valuesOf(trials, param).length <= cellsMax))
          .slice(0, pairsMax)
          .map((pair) => cellsPlot(report, trials, pair))
      : params.map((param) => valuesPlot(report, trials, param));
    return html`<h3>${name}</h3>
      ${plots.length > 0 ? figures(...plots) : html`<p>No parameter varies.</p>`}`;
  });
}

function cellsPlot(report: SweepReport, trials: readonly Trial[], [x, y]: readonly [string, string]): Html {
  const metric = `${report.metric}@${report.k}`;
  const cells = valuesOf(trials, y).flatMap((atY) =>
    valuesOf(trials, x).flatMap((atX) => {
      const here = trials.filter(({ varied }) => varied[x] === atX && varied[y] === atY);
      if (here.length === 0) return [];
      const value = Math.max(...here.map(({ figures: all }) => all[report.metric]));
      return [{ x: String(atX), y: String(atY), value }];
    }),
  );
  const areSeveral = trials.length > cells.length;
  return figure(
    heatMap({ title: `${metric} by ${x} and ${y}`, x, y, value: metric, cells }),
    `${metric}${areSeveral ? ', the best over the other parameters' : ''}. The maximum has a frame.`,
  );
}

function valuesPlot(report: SweepReport, trials: readonly Trial[], param: string): Html {
  const metric = `${report.metric}@${report.k}`;
  const title = `${metric} of each trial by ${param}`;
  const caption = `All trials${report.rungs.length > 1 ? ', coloured by their last round' : ''}, over all values of the other parameters.`;
  const rounds = report.rungs.map((_, i) => {
    const name = report.rungs.length > 1 ? `round ${i + 1}` : 'trials';
    return { name, trials: trials.filter(({ rung }) => rung === i + 1) };
  });
  const values = valuesOf(trials, param);
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) {
    const estimates = values.flatMap((value) =>
      rounds.flatMap(({ name, trials: all }) =>
        all
          .filter(({ varied }) => varied[param] === value)
          .map(({ figures: found }) => ({ name, row: String(value), value: found[report.metric] })),
      ),
    );
    return figure(intervalPlot(title, metric, estimates), caption);
  }
  const curves = rounds.map(({ name, trials: all }) => ({
    name,
    points: all.map(({ varied, figures: found }) => {
      return { x: Number(varied[param]), y: found[report.metric] };
    }),
  }));
  const logX = numbers[0]! > 0 && numbers.at(-1)! / numbers[0]! >= wideRatio;
  return figure(
    draw(curvesDrawing({ title, x: param, y: metric, curves, logX, fromZero: false, dots: true })),
    caption,
  );
}

/** The distinct values of a parameter: numbers ascending, others in order of appearance. */
function valuesOf(trials: readonly Trial[], param: string): Value[] {
  const values = [...new Set(trials.map(({ varied }) => varied[param]!))];
  return values.every((value) => typeof value === 'number') ? values.toSorted((a, b) => a - b) : values;
}

function pairsOf(params: readonly string[]): (readonly [string, string])[] {
  return params.flatMap((x, i) => params.slice(i + 1).map((y) => [x, y] as const));
}
