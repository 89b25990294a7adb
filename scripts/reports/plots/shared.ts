import type * as Plot from '@observablehq/plot';
import { type LegendEntry, colourOf, plotWidth } from '../draw.ts';

/** The legend of series that have their colours in this order. */
export function legendOf(names: readonly string[]): LegendEntry[] {
  return names.map((name, i) => ({ name, colour: colourOf(i) }));
}

/** The distinct values of a field, in order of first appearance. */
export function distinct<Key extends string>(
  all: readonly Readonly<Record<Key, string>>[],
  key: Key,
): string[] {
  return [...new Set(all.map((each) => each[key]))];
}

export function hasInterval(each: { readonly low?: number | undefined }): boolean {
  return each.low !== undefined;
}

const labelMax = 20;

/** A label, truncated to fit an axis. */
export function shortened(label: string): string {
  return label.length > labelMax ? `${label.slice(0, labelMax - 1)}…` : label;
}

/** The width of labels on the left in pixels, at most 42 % of the plot. */
export function labelRoom(labels: readonly string[]): number {
  const longest = Math.max(...labels.map((label) => shortened(label).length), 0);
  return Math.min(26 + 7 * longest, 0.42 * plotWidth);
}

/** "0.192 [0.18, 0.21]". */
export function estimateText({
  value,
  low,
  high,
}: {
  readonly value: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}): string {
  return low === undefined || high === undefined
    ? numberText(value)
    : `${numberText(value)} [${numberText(low)}, ${numberText(high)}]`;
}

/** At most four significant digits, but all digits of integers. */
export function numberText(value: number): string {
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(4)));
}

/** An axis with few ticks, all labelled; a logarithmic one extends slightly beyond the values. */
export function scaleOf(isLog: boolean, values: readonly number[]): Plot.ScaleOptions {
  if (!isLog) {
    const areLarge = values.some((value) => Math.abs(value) >= 1000);
    return { ticks: 5, nice: true, ...(areLarge && { tickFormat: compact }) };
  }
  const [low, high] = [Math.min(...values) / logMargin, Math.max(...values) * logMargin];
  const ticks = logTicks(low, high);
  return { type: 'log', domain: [low, high], ticks, tickFormat: compact };
}

const logMargin = 1.25;

/** The powers of ten between the two; if there are few, also their multiples by 2 and 5. */
function logTicks(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = to - from > 3 ? [1] : [1, 2, 5];
  const ticks = Array.from({ length: to - from + 1 }, (_, i) =>
    factors.map((factor) => Number(`${factor}e${from + i}`)),
  );
  return ticks.flat().filter((tick) => tick >= low && tick <= high);
}

/** The label of a tick: 0.2, 500, 20k, 3M. */
function compact(value: number): string {
  const unit = [1e9, 1e6, 1e3].find((each) => Math.abs(value) >= each) ?? 1;
  return `${Number((value / unit).toPrecision(4))}${{ 1e9: 'G', 1e6: 'M', 1e3: 'k', 1: '' }[unit] ?? ''}`;
}
