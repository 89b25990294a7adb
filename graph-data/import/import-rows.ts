import type { DataFolder } from '../data-folder.ts';
import { DataError } from '../errors.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import type { FileReport, ImportProgress, ImportReport } from './import-report.ts';
import { importInTransaction } from './import-transaction.ts';
import type { SaveRow } from './row.ts';

/** Valid rows from a source other than a file, such as a sample. */
export interface RowSource {
  readonly name: string;
  readonly rows: AsyncIterable<readonly SaveRow[]> | Iterable<readonly SaveRow[]>;
}

interface ImportRowsOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** Imports valid rows in one transaction. Throws `sample-unavailable` if a board belongs to another user already. */
export async function importRows(
  folder: DataFolder,
  sources: readonly RowSource[],
  options: ImportRowsOptions = {},
): Promise<ImportReport> {
  return importInTransaction(folder, options, async (writer, finish) => {
    const files: FileReport[] = [];
    for (const { name, rows } of sources) {
      let read = 0;
      let added = 0;
      for await (const batch of rows) {
        for (const row of batch) {
          const refusal = writer.save(row);
          if (refusal !== undefined) {
            const remedy = 'the data folder holds other data; use another one (--data)';
            throw new DataError('sample-unavailable', `${name}: ${refusal.refused}: ${remedy}`);
          }
          if (writer.mustFlushSaves) added += writer.flushSaves();
        }
        read += batch.length;
        await yieldToEventLoop(options.signal);
        options.onProgress?.({ phase: 'reading', file: name, rows: read, bytesRead: 0, bytesTotal: 0 });
      }
      added += writer.flushSaves();
      const counts = { read, new: added, duplicate: read - added, rejected: 0 };
      files.push({ file: name, kind: 'saves', ...counts, firstRejects: [], ignoredColumns: [], notes: [] });
    }
    return { files, graph: await finish() };
  });
}
