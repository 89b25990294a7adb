import type { Detectable } from '../../../api/offline/evaluate/index.ts';
import type { Interval } from '../../../engine/index.ts';
import { grid, thousands } from '../../output.ts';

/** A table for terminals and pages; the first column names the rows. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The header and rows of a table as aligned lines. */
export function tableLines({ columns, rows }: TextTable): string[] {
  return grid([columns, ...rows]);
}

/** "0.1920". */
export function figureText(value: number): string {
  return value.toFixed(4);
}

/** "+0.1920". */
export function signedText(value: number): string {
  return `${value < 0 ? '−' : '+'}${figureText(Math.abs(value))}`;
}

/** "[0.1787, 0.2052]". */
export function intervalText({ low, high }: Interval, text: (value: number) => string = figureText): string {
  return `[${text(low)}, ${text(high)}]`;
}

/** "0.0038 (2.0 %)": the smallest detectable difference, and as a share of the baseline. */
export function detectableText({ difference, share }: Detectable): string {
  if (difference === null) return '–';
  return figureText(difference) + (share === null ? '' : ` (${(100 * share).toFixed(1)} %)`);
}

/** "8–11", or "8" for a range of one value. */
export function rangeText(from: number | string, to: number | string): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** "1 user", "1,234 users". */
export function countText(value: number, noun: string): string {
  return `${thousands(Math.round(value))} ${noun}${Math.round(value) === 1 ? '' : 's'}`;
}
