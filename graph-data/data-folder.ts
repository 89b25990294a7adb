import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DataError, messageOf } from './errors.ts';

/** Where everything that one graph owns lies. */
export interface DataFolder {
  readonly root: string;
  /** The SQLite database: the truth. */
  readonly database: string;
  /** Snapshots and the pointer to the active one. */
  readonly snapshots: string;
  /** Rows that imports refused. */
  readonly rejects: string;
  /** What `sample` fetched. */
  readonly downloads: string;
}

/** The paths inside a data folder, which is made when it is missing. Throws `data-folder-unusable`. */
export function openDataFolder(root: string): DataFolder {
  const folder: DataFolder = {
    root,
    database: path.join(root, 'pinwalk.db'),
    snapshots: path.join(root, 'snapshots'),
    rejects: path.join(root, 'rejects'),
    downloads: path.join(root, 'downloads'),
  };
  try {
    mkdirSync(folder.snapshots, { recursive: true });
  } catch (cause) {
    throw new DataError('data-folder-unusable', `cannot use ${root} as a data folder: ${messageOf(cause)}`, {
      cause,
    });
  }
  return folder;
}
