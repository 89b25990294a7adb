import { rmSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { syncFolder } from '../durable-files.ts';
import { type Interaction, dayMs, dayOf } from './interaction.ts';
import { type Month, interactionsFolder, listMonths, monthOf } from './month-names.ts';
import { MonthWriter, deleteMonth, endsBefore } from './month-writer.ts';

/** Months that are open at once. */
const openMax = 3;

export type InteractionResult = 'added' | 'present';

/** Interactions that were sent together, and the time for those without one. */
export interface InteractionBatch {
  readonly rows: readonly Interaction[];
  readonly time: number;
}

/** The writing connections of a data folder to its months. Use one per thread; other processes may write too. */
export class InteractionWriter {
  readonly #folder: DataFolder;
  readonly #busyMs: number;
  /** The ones used last come last. */
  readonly #open = new Map<Month, MonthWriter>();

  /** `busyMs`: how long a statement waits for the write of another process. */
  constructor(folder: DataFolder, busyMs: number) {
    this.#folder = folder;
    this.#busyMs = busyMs;
  }

  /**
   * Stores interactions; all are durable when this returns: one commit a month. If a month cannot store its
   * interactions, as its file is damaged or the disk full, `onFault` gets the error with the batches that have
   * interactions of it; other months are stored. Without `onFault`, throws that error: interactions of some
   * months may be stored, and sent again, they are present. About 10 µs an interaction.
   */
  apply(
    batches: readonly InteractionBatch[],
    onFault?: (error: unknown, batches: ReadonlySet<number>) => void,
  ): InteractionResult[][] {
    const results = batches.map(({ rows }) => Array<InteractionResult>(rows.length).fill('present'));
    const byMonth = new Map<Month, { row: Interaction; at: number; batch: number; index: number }[]>();
    let [month, until, from]: [Month, number, number] = ['', -Infinity, Infinity];
    for (const [batch, { rows, time }] of batches.entries()) {
      for (const [index, row] of rows.entries()) {
        const at = row.at ?? time;
        if (at >= until || at < from) {
          month = monthOf(at);
          from = dayMs * dayOf(at);
          until = from + dayMs;
        }
        const own = byMonth.get(month);
        const entry = { row, at, batch, index };
        if (own === undefined) byMonth.set(month, [entry]);
        else own.push(entry);
      }
    }
    for (const [each, entries] of byMonth) {
      try {
        const writer = this.#writerOf(each);
        writer.transact(() => {
          for (const { row, at, batch, index } of entries) {
            if (this.#isFromYesterday(row, at, writer, each)) continue;
            if (writer.add(row, at)) results[batch]![index] = 'added';
          }
        });
      } catch (error) {
        // The file may have been repaired or replaced by the next time.
        this.#close(each);
        if (onFault === undefined) throw error;
        onFault(error, new Set(entries.map(({ batch }) => batch)));
      }
    }
    return results;
  }

  /** Deletes all interactions of a person in some months. Returns their number. O(months in which there are some). */
  erase(user: string, months: readonly Month[] = listMonths(this.#folder)): number {
    let rows = 0;
    for (const month of months) rows += this.#writerOf(month).erase(user);
    rmSync(path.join(interactionsFolder(this.#folder), 'reports.db'), { force: true });
    return rows;
  }

  /** Deletes interactions of before a time: whole months as files, the days of the month that it falls in row by row. */
  dropBefore(time: number): { readonly months: number; readonly rows: number } {
    const day = dayOf(time);
    let [months, rows] = [0, 0];
    for (const month of listMonths(this.#folder)) {
      if (endsBefore(month, day)) {
        this.#close(month);
        deleteMonth(this.#folder, month);
        months++;
      } else if (month === monthOf(time)) rows += this.#writerOf(month).dropBefore(day);
    }
    if (months > 0) syncFolder(interactionsFolder(this.#folder));
    return { months, rows };
  }

  close(): void {
    for (const month of this.#open.keys()) this.#close(month);
  }

  /**
   * An interaction with an id but no time gets the time of its arrival: sent again after midnight, it is stored
   * under the day before.
   */
  #isFromYesterday({ id, at: given }: Interaction, at: number, writer: MonthWriter, month: Month): boolean {
    if (id === undefined || given !== undefined) return false;
    const before = monthOf(at - dayMs);
    if (before === month) return writer.has(id, dayOf(at) - 1);
    return listMonths(this.#folder).includes(before) && this.#writerOf(before).has(id, dayOf(at) - 1);
  }

  #writerOf(month: Month): MonthWriter {
    const writer = this.#open.get(month) ?? new MonthWriter(this.#folder, month, this.#busyMs);
    this.#open.delete(month);
    this.#open.set(month, writer);
    // The month before is read while one is written.
    if (this.#open.size > openMax) this.#close(this.#open.keys().next().value!);
    return writer;
  }

  #close(month: Month): void {
    this.#open.get(month)?.close();
    this.#open.delete(month);
  }
}
