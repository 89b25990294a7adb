import { readFileSync } from 'node:fs';
import {
  type DataFolder,
  type FileReport,
  type ImportReport,
  importFiles,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';

type ImportOptions = Parameters<typeof importFiles>[2];

/** Imports one file into a fresh data folder. */
export async function importText(
  name: string,
  content: string | Uint8Array,
  options: ImportOptions = {},
): Promise<{ folder: DataFolder; file: FileReport; graph: ImportReport['graph'] }> {
  const folder = temporaryDataFolder();
  const report = await importFiles(folder, [writeInput(folder, name, content)], options);
  return { folder, file: report.files[0]!, graph: report.graph };
}

/** All saves as "user board pin". */
export function savesIn(folder: DataFolder): string[] {
  const database = openDatabaseReadOnly(folder)!;
  const rows = database
    .prepare<[], string[]>(
      `SELECT users.key, boards.key, pins.key FROM saves JOIN boards ON boards.id = board
       JOIN users ON users.id = owner JOIN pins ON pins.id = pin`,
    )
    .raw()
    .all();
  database.close();
  return rows.map((row) => row.join(' ')).toSorted();
}

/** What the rejects file of an import holds. */
export function rejectsOf(file: { rejectsFile?: string }): { line: number; reason: string; text: string }[] {
  const text = readFileSync(file.rejectsFile!, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** read, new, duplicate, rejected */
export const counts = (file: {
  read: number;
  new: number;
  duplicate: number;
  rejected: number;
}): number[] => [file.read, file.new, file.duplicate, file.rejected];
