import type { Interval } from '../../engine/index.ts';
import { thousands } from '../output.ts';

/** A table as it stands in a terminal and on a page alike; the first column names the rows. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Rows of cells, padded to columns. */
export function tableLines({ columns, rows }: TextTable): string[] {
  const all = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** A metric: four decimals. */
export function figureText(value: number): string {
  return value.toFixed(4);
}

export function signedText(value: number): string {
  return `${value < 0 ? '−' : '+'}${figureText(Math.abs(value))}`;
}

export function intervalText({ low, high }: Interval, text: (value: number) => string = figureText): string {
  return `[${text(low)}, ${text(high)}]`;
}

/** "8–11", "8" for a range of one value. */
export function rangeText(from: number | string, to: number | string): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** "1 user", "1,234 users". */
export function countText(value: number, noun: string): string {
  return `${thousands(Math.round(value))} ${noun}${Math.round(value) === 1 ? '' : 's'}`;
}
