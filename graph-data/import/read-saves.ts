import { existsSync } from 'node:fs';
import { DataError } from '../errors.ts';
import { interpretColumns } from './columns.ts';
import { type FileFormat, openRecords } from './records.ts';
import { RowFault } from './refusal.ts';
import { type SaveRow, parseSave } from './row.ts';

export interface ReadSavesOptions {
  readonly format?: FileFormat | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly header?: boolean | undefined;
}

/**
 * Reads the saves of a file without a database, for experiments. Reads the same formats as an import, but throws
 * `split-unusable` with the line number for an invalid row, and the codes of an import for an unreadable file.
 */
export async function* readSaves(file: string, options: ReadSavesOptions): AsyncGenerator<SaveRow> {
  if (!existsSync(file))
    throw new DataError('import-file-unreadable', `cannot read ${file}: there is no such file`);
  const reader = await openRecords(file, { ...options, onBytes: () => undefined });
  for await (const records of reader.batches()) {
    const columns = interpretColumns(file, [...reader.names]);
    if (columns.kind !== 'saves') {
      throw new DataError(
        'split-unusable',
        `${file} contains ${columns.kind}, not saves: name its columns (--columns user,pin)`,
      );
    }
    for (const { line, values, fault } of records) {
      try {
        if (fault !== undefined) throw new RowFault(fault);
        yield parseSave(columns, values);
      } catch (error) {
        if (!(error instanceof RowFault)) throw error;
        throw new DataError('split-unusable', `${file}, line ${line}: ${error.message}`, { cause: error });
      }
    }
  }
}
