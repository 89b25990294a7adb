import { type TimedSaves, sharedInt32Array } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { openDatabaseReadOnly, readNextIds } from '../database/index.ts';
import { DataError } from '../errors.ts';
import { SaveCollector } from './read-columns.ts';

/**
 * All saves of a data folder's database, numbered as in its snapshots, ordered by board, then pin, and not pruned.
 * `weightMin` excludes saves of a smaller weight, and those without one. Needs about 50 bytes of memory per save while
 * reading. Throws `split-unusable` if there are no such saves.
 */
export function readFolderSaves(folder: DataFolder, weightMin?: number): TimedSaves {
  const database = openDatabaseReadOnly(folder);
  try {
    const saves = new SaveCollector();
    const rows = database
      ?.prepare<[number | null, number | null], [number, number, number | null]>(
        'SELECT board, pin, savedAt FROM saves NOT INDEXED WHERE ? IS NULL OR weight >= ?',
      )
      .raw()
      .iterate(weightMin ?? null, weightMin ?? null);
    for (const [board, pin, savedAt] of rows ?? []) saves.add(board, pin, savedAt ?? NaN);
    const columns = saves.columns();
    if (database === undefined || columns.boards.length === 0) {
      const remedy = 'import a file first (pinwalk import FILE), or name one (--train FILE)';
      throw new DataError('split-unusable', `${folder.root} contains no such saves: ${remedy}`);
    }
    const { users, boards, pins } = readNextIds(database);
    const boardToUser = sharedInt32Array(boards);
    const owners = database.prepare<[], [number, number]>('SELECT id, owner FROM boards').raw().iterate();
    for (const [board, owner] of owners) boardToUser[board] = owner;
    return { ...columns, pinCount: pins, boardToUser, userCount: users };
  } finally {
    database?.close();
  }
}
