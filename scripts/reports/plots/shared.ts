import type * as Plot from '@observablehq/plot';
import { type LegendEntry, colourOf, plotWidth } from '../draw.ts';

/** The names with the colours that they have in plots, in this order. */
export function legendOf(names: readonly string[]): LegendEntry[] {
  return names.map((name, i) => ({ name, colour: colourOf(i) }));
}

/** The values of one field, each once, in the order in which they come. */
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

/** A label as an axis has room for it. */
export function shortened(label: string): string {
  return label.length > labelMax ? `${label.slice(0, labelMax - 1)}…` : label;
}

/** Pixels for labels on the left, at most two fifths of the whole. */
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

/** Four digits at most. */
export function numberText(value: number): string {
  return Math.abs(value) >= 1000
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(4)));
}

/** An axis with a few ticks, all of them labelled; a logarithmic one ends a little beyond its values. */
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

/** Powers of ten between the two; where these are few, twice and five times these too. */
function logTicks(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const factors = to - from > 3 ? [1] : [1, 2, 5];
  const ticks = Array.from({ length: to - from + 1 }, (_, i) =>
    factors.map((factor) => Number(`${factor}e${from + i}`)),
  );
  return ticks.flat().filter((tick) => tick >= low && tick <= high);
}

/** A tick's label: 0.2, 500, 20k, 3M. */
function compact(value: number): string {
  const unit = [1e9, 1e6, 1e3].find((each) => Math.abs(value) >= each) ?? 1;
  return `${Number((value / unit).toPrecision(4))}${{ 1e9: 'G', 1e6: 'M', 1e3: 'k', 1: '' }[unit] ?? ''}`;
}
