import { DataError } from '../errors.ts';
import { type FileColumns, interpretColumns } from './columns.ts';
import type { FileOptions } from './file-options.ts';
import { assertFile } from './open-file.ts';
import { openRecords } from './records.ts';
import { RowFault } from './refusal.ts';
import { type SaveRow, parseSave } from './row.ts';

export interface ReadSavesOptions extends FileOptions {
  /** Called with each assumption about the file that its user should check. */
  readonly onNote?: ((note: string) => void) | undefined;
}

/**
 * Reads the saves of a file without a database, for experiments. Reads the same formats as an import, but throws
 * `split-unusable` with the line number for an invalid row, and the codes of an import for an unreadable file.
 */
export async function* readSaves(file: string, options: ReadSavesOptions): AsyncGenerator<SaveRow> {
  assertFile(file);
  const reader = await openRecords(file, { ...options, onBytes: () => undefined });
  let columns: FileColumns | undefined;
  for await (const records of reader.batches()) {
    if (reader.names.length > (columns?.names.length ?? 0)) {
      columns = interpretColumns(file, [...reader.names], options, columns?.kind);
      for (const note of reader.notes ?? []) options.onNote?.(`${file}: ${note}`);
    }
    if (columns !== undefined && columns.kind !== 'saves') {
      throw new DataError(
        'split-unusable',
        `${file} contains ${columns.kind}, not saves: name its columns (--columns user,pin)`,
      );
    }
    for (const { line, values, fault } of records) {
      try {
        if (fault !== undefined) throw new RowFault(fault);
        if (columns === undefined) throw new RowFault('it has no columns');
        yield parseSave(columns, values);
      } catch (error) {
        if (!(error instanceof RowFault)) throw error;
        throw new DataError('split-unusable', `${file}, line ${line}: ${error.message}`, { cause: error });
      }
    }
  }
}
