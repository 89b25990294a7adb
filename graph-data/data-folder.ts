import { existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { privateFolderMode } from './durable-files.ts';
import { DataError, messageOf } from './errors.ts';
import { completeRestore } from './unfinished-restore.ts';

/** Paths of everything that belongs to one graph. */
export interface DataFolder {
  readonly root: string;
  /** The SQLite database, the source of truth. */
  readonly database: string;
  /** The folder of snapshots and of the pointer to the active one. */
  readonly snapshots: string;
  /** The folder of rows rejected by imports. */
  readonly rejects: string;
  /** The folder of archives downloaded by `sample`. */
  readonly downloads: string;
}

/** Returns the paths of a data folder; creates it if it is missing, completes a restore. Throws `data-folder-unusable`. */
export function openDataFolder(root: string): DataFolder {
  const folder: DataFolder = {
    root,
    database: path.join(root, 'pinwalk.db'),
    snapshots: path.join(root, 'snapshots'),
    rejects: path.join(root, 'rejects'),
    downloads: path.join(root, 'downloads'),
  };
  try {
    mkdirSync(folder.snapshots, { recursive: true, mode: privateFolderMode });
    completeRestore(root);
  } catch (cause) {
    const isFile = statSync(root, { throwIfNoEntry: false })?.isFile() === true;
    const fault = isFile
      ? 'it is a file; name a folder'
      : `${messageOf(cause)}; make sure that it is writable`;
    throw new DataError('data-folder-unusable', `cannot use ${root} as a data folder: ${fault}`, { cause });
  }
  return folder;
}

/** {@link openDataFolder} for work that needs existing data: a mistyped name must not create a folder. */
export function openExistingDataFolder(root: string): DataFolder {
  if (existsSync(root)) return openDataFolder(root);
  throw new DataError(
    'data-folder-unusable',
    `there is no data folder ${root}: check --data, or create it with pinwalk import or pinwalk sample`,
  );
}
