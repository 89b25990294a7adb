import { mkdirSync } from 'node:fs';
import type { DataFolder } from '../data-folder.ts';
import { copyDatabase } from '../database/index.ts';
import { privateFolderMode } from '../durable-files.ts';
import { asMonthError } from './month-errors.ts';
import { inMonth, readMonth } from './month-files.ts';
import { type Month, interactionsFolder, listMonths, monthFile } from './month-names.ts';

interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { doing: string; done: number; total: number }) => void) | undefined;
}

/** Copies all months to another data folder while others write; returns them. O(bytes). */
export async function copyInteractions(
  folder: DataFolder,
  copy: DataFolder,
  { signal, onProgress }: CopyOptions,
): Promise<Month[]> {
  const months = listMonths(folder);
  if (months.length > 0) mkdirSync(interactionsFolder(copy), { mode: privateFolderMode });
  for (const month of months) {
    const source = readMonth(folder, month);
    try {
      await copyDatabase(source, monthFile(copy, month), (done, total) => {
        signal?.throwIfAborted();
        onProgress?.({ doing: `copying pages of ${month}`, done, total });
      });
    } catch (error) {
      throw asMonthError(folder, month, error);
    } finally {
      source.close();
    }
  }
  return months;
}

/** The fault of a month's copy that nobody uses; undefined if it has none. O(rows). */
export function faultOfMonth(folder: DataFolder, month: Month): string | undefined {
  const result = inMonth(folder, month, (database) =>
    String(database.pragma('quick_check(1)', { simple: true })),
  );
  return result === 'ok' ? undefined : result;
}
