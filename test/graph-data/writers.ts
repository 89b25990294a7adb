import { onTestFinished } from 'vitest';
import {
  type Change,
  type DataFolder,
  type Database,
  type WriteRequest,
  SaveWriter,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';

/** The time of every request. */
export const time = Date.UTC(2026, 4, 17);

/** A writer that is closed when the test ends. */
export function openWriter(folder: DataFolder = temporaryDataFolder()): {
  folder: DataFolder;
  writer: SaveWriter;
} {
  const writer = SaveWriter.open(folder, { busyMs: 0 });
  onTestFinished(() => writer.close());
  return { folder, writer };
}

export function reading<Result>(folder: DataFolder, read: (database: Database) => Result): Result {
  const database = openDatabaseReadOnly(folder)!;
  try {
    return read(database);
  } finally {
    database.close();
  }
}

export const request = (...changes: Change[]): WriteRequest => ({ changes, time });
/** A save given as "user board pin". */
export const save = (text: string, more: object = {}): Change => {
  const [user = '', board = '', pin = ''] = text.split(' ');
  return { kind: 'save', user, board, pin, ...more };
};
export const unsave = (text: string): Change => ({ ...save(text), kind: 'unsave' }) as Change;
/** The keys and ids of all nodes of a kind. */
export const ids = (folder: DataFolder, kind: string): [string, number][] =>
  reading(folder, (database) =>
    database.prepare<[], [string, number]>(`SELECT key, id FROM ${kind} ORDER BY id`).raw().all(),
  );
