import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { dayMs } from './interaction.ts';

export type MonthFolder = Pick<DataFolder, 'root'>;

/** A calendar month, UTC: `2026-11`. */
export type Month = string;

/** The months of stored interactions are the files of this folder. */
export function interactionsFolder({ root }: MonthFolder): string {
  return path.join(root, 'interactions');
}

export function monthFile(folder: MonthFolder, month: Month): string {
  return path.join(interactionsFolder(folder), `${month}.db`);
}

export function monthOf(time: number): Month {
  return new Date(time).toISOString().slice(0, 7);
}

/** First day of a month, in days since 1970. */
export function firstDayOf(month: Month): number {
  return Date.parse(`${month}-01T00:00:00Z`) / dayMs;
}

/** The stored months, in order. */
export function listMonths(folder: MonthFolder): Month[] {
  const all = interactionsFolder(folder);
  if (!existsSync(all)) return [];
  return readdirSync(all)
    .flatMap((name) => /^(\d{4}-\d{2})\.db$/.exec(name)?.[1] ?? [])
    .toSorted();
}
