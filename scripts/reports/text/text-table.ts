import { grid, thousands } from '../../output.ts';

/** A table as it stands in a terminal and on a page alike; the first column names the rows. */
export interface TextTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The table's rows, padded to columns, the names of the columns first. */
export function tableLines({ columns, rows }: TextTable): string[] {
  return grid([columns, ...rows]);
}

/** "8–11", "8" for a range of one value. */
export function rangeText(from: number | string, to: number | string): string {
  return from === to ? String(from) : `${from}–${to}`;
}

/** "1 user", "1,234 users". */
export function countText(value: number, noun: string): string {
  return `${thousands(Math.round(value))} ${noun}${Math.round(value) === 1 ? '' : 's'}`;
}
