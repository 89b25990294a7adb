import * as Plot from '@observablehq/plot';
import { type LegendEntry, colourOf, draw, plotWidth } from './draw.ts';
import type { Html } from './html.ts';

/** A value and the interval about it. */
export interface Estimate {
  /** The thing measured: what has a colour. */
  readonly name: string;
  /** What of it was measured. */
  readonly row: string;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** Estimates with their intervals: a block for each row, a line in it for each name. */
export function intervalPlot(title: string, x: string, estimates: readonly Estimate[]): Html {
  const [names, rows] = [distinct(estimates, 'name'), distinct(estimates, 'row')];
  const marginLeft = labelRoom(rows);
  const lineHeight = names.length > 3 ? 11 : 14;
  return draw({
    title,
    legend: legendOf(names),
    options: {
      marginLeft,
      marginRight: 14,
      marginBottom: 42,
      height: 66 + rows.length * (names.length * lineHeight + 10),
      x: { label: x, ticks: 5, nice: true },
      y: { axis: null, type: 'point', domain: names, padding: 0.4 },
      fy: { label: null, domain: rows, padding: 0.15 },
      marks: [
        Plot.axisFy({ anchor: 'left', label: null, dx: -6, textAnchor: 'end' }),
        Plot.gridX({ ticks: 5 }),
        Plot.ruleY(estimates.filter(hasInterval), {
          fy: 'row',
          y: 'name',
          x1: 'low',
          x2: 'high',
          stroke: (each: Estimate) => colourOf(names.indexOf(each.name)),
          strokeWidth: 2,
          strokeOpacity: 0.6,
        }),
        Plot.dot(estimates, {
          fy: 'row',
          y: 'name',
          x: 'value',
          r: 3.5,
          fill: (each: Estimate) => colourOf(names.indexOf(each.name)),
          title: (each: Estimate) => `${each.name}, ${each.row}: ${told(each)}`,
        }),
      ],
    },
  });
}

/** Points of some curves, from left to right. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface CurvesOptions {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly curves: readonly Curve[];
  /** Whether the axes are logarithmic; then every value on them is above 0. Default: neither. */
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Whether y begins at 0; so it does unless it is logarithmic. */
  readonly fromZero?: boolean;
  /** Points alone, without lines. */
  readonly dots?: boolean;
}

/** Curves over one axis. */
export function curvesDrawing({
  title,
  x,
  y,
  curves,
  logX = false,
  logY = false,
  fromZero = !logY,
  dots = false,
}: CurvesOptions): Parameters<typeof draw>[0] {
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
        nice: true,
      },
      y: {
        label: y,
        ...scaleOf(
          logY,
          points.map((each) => each.y),
        ),
        grid: true,
        nice: true,
        ...(fromZero && { zero: true }),
      },
      marks: [
        ...(dots ? [] : [Plot.line(points, { x: 'x', y: 'y', z: 'name', stroke: colour, strokeWidth: 2 })]),
        Plot.dot(points, {
          x: 'x',
          y: 'y',
          r: 2.5,
          fill: colour,
          title: (each: (typeof points)[number]) => `${each.name}: ${number(each.x)}, ${number(each.y)}`,
        }),
      ],
    },
  };
}

function scaleOf(isLog: boolean, values: readonly number[]): Plot.ScaleOptions {
  return isLog
    ? { type: 'log', ticks: logTicks(values), tickFormat: compact }
    : { ticks: 5, tickFormat: compact };
}

/** Powers of ten; where these are few, twice and five times these too. */
function logTicks(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => Math.log10(value));
  const [from, to] = [Math.floor(low!), Math.ceil(high!)];
  const factors = to - from > 2 ? [1] : [1, 2, 5];
  const ticks = Array.from({ length: to - from + 1 }, (_, i) =>
    factors.map((factor) => factor * 10 ** (from + i)),
  );
  return ticks.flat();
}

/** A tick's label: 0.2, 500, 20k, 3M. */
function compact(value: number): string {
  const unit = [1e9, 1e6, 1e3].find((each) => Math.abs(value) >= each) ?? 1;
  return `${Number((value / unit).toPrecision(4))}${{ 1e9: 'G', 1e6: 'M', 1e3: 'k', 1: '' }[unit] ?? ''}`;
}

/** A setting that costs something and is worth something. */
export interface TradeOff {
  readonly name: string;
  readonly cost: number;
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** Those for which no other is both no more costly and no worse, and better in one; the cheapest first. O(n²). */
export function paretoFront<Point extends Pick<TradeOff, 'cost' | 'value'>>(
  points: readonly Point[],
): Point[] {
  return points
    .filter(
      (point) =>
        !points.some(
          (other) =>
            other.cost <= point.cost &&
            other.value >= point.value &&
            (other.cost < point.cost || other.value > point.value),
        ),
    )
    .toSorted((a, b) => a.cost - b.cost);
}

/** What each is worth against what it costs, on a logarithmic axis; a line joins the Pareto front. */
export function tradeOffPlot(title: string, x: string, y: string, points: readonly TradeOff[]): Html {
  const isFew = points.length <= 7;
  const colour = (each: TradeOff): string => (isFew ? colourOf(points.indexOf(each)) : colourOf(0));
  return draw({
    title,
    legend: isFew ? legendOf(points.map(({ name }) => name)) : undefined,
    options: {
      height: 260,
      marginLeft: 50,
      marginRight: 18,
      marginBottom: 42,
      x: {
        label: x,
        ...scaleOf(
          true,
          points.map(({ cost }) => cost),
        ),
        nice: true,
      },
      y: { label: y, grid: true, nice: true, ticks: 5, zero: isFew },
      marks: [
        Plot.line(paretoFront(points), {
          x: 'cost',
          y: 'value',
          curve: 'step-after',
          strokeOpacity: 0.5,
          strokeDasharray: '4 3',
        }),
        Plot.ruleX(points.filter(hasInterval), {
          x: 'cost',
          y1: 'low',
          y2: 'high',
          stroke: colour,
          strokeWidth: 2,
          strokeOpacity: 0.6,
        }),
        Plot.dot(points, {
          x: 'cost',
          y: 'value',
          r: isFew ? 4.5 : 3,
          fill: colour,
          title: (each: TradeOff) => `${each.name}: ${number(each.cost)}, ${told(each)}`,
        }),
      ],
    },
  });
}

/** Values in cells; more ink is more. */
export interface HeatMap {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** What a cell's value is. */
  readonly value: string;
  readonly cells: readonly { readonly x: string; readonly y: string; readonly value: number }[];
}

/** A cell for each pair, in the order in which they come, with its figure; the more, the more ink. */
export function heatMap({ title, x, y, value, cells }: HeatMap): Html {
  const [columns, rows] = [distinct(cells, 'x'), distinct(cells, 'y')];
  const values = cells.map((cell) => cell.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const ink = (each: { readonly value: number }): number =>
    high === low ? 0.5 : 0.08 + 0.77 * ((each.value - low) / (high - low));
  return draw({
    title: `${title}; ${value} from ${number(low)} to ${number(high)}`,
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
          text: (each: (typeof cells)[number]) => number(each.value),
          fontSize: columns.length > 6 ? 9 : 11,
        }),
      ],
    },
  });
}

/** Bars of one thing after another, longest names first to be told whole. */
export interface Bar {
  readonly row: string;
  /** What has a colour; bars of one row stand end to end. */
  readonly name: string;
  readonly value: number;
}

export function barPlot(title: string, x: string, bars: readonly Bar[]): Html {
  const [names, rows] = [distinct(bars, 'name'), distinct(bars, 'row')];
  return draw({
    title,
    legend: names.length > 1 ? legendOf(names) : undefined,
    options: {
      height: 62 + 22 * rows.length,
      marginLeft: labelRoom(rows),
      marginRight: 14,
      marginBottom: 42,
      x: { label: x, ticks: 5, nice: true, zero: true, grid: true },
      y: { type: 'band', domain: rows, label: null, tickFormat: shortened },
      marks: [
        Plot.barX(bars, {
          x: 'value',
          y: 'row',
          z: 'name',
          fill: (each: Bar) => colourOf(names.indexOf(each.name)),
          title: (each: Bar) => `${each.row}, ${each.name}: ${number(each.value)}`,
        }),
        Plot.ruleX([0]),
      ],
    },
  });
}

function legendOf(names: readonly string[]): LegendEntry[] {
  return names.map((name, i) => ({ name, colour: colourOf(i) }));
}

function distinct<Key extends string>(all: readonly Readonly<Record<Key, string>>[], key: Key): string[] {
  return [...new Set(all.map((each) => each[key]))];
}

function hasInterval(each: { readonly low?: number | undefined }): boolean {
  return each.low !== undefined;
}

const labelMax = 20;

function shortened(label: string): string {
  return label.length > labelMax ? `${label.slice(0, labelMax - 1)}…` : label;
}

/** Pixels for labels on the left, at most two fifths of the whole. */
function labelRoom(labels: readonly string[]): number {
  const longest = Math.max(...labels.map((label) => shortened(label).length), 0);
  return Math.min(18 + 7 * longest, 0.42 * plotWidth);
}

function told({
  value,
  low,
  high,
}: {
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}): string {
  return low === undefined || high === undefined
    ? number(value)
    : `${number(value)} [${number(low)}, ${number(high)}]`;
}

/** Four digits at most. */
function number(value: number): string {
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(4)));
}
