import { closeSync, existsSync, openSync } from 'node:fs';
import { EngineError } from '../../engine/base/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { type Database, asDataError, foreignTo, openDatabaseReadOnly } from '../database/index.ts';
import { DataError, messageOf } from '../errors.ts';
import { type SnapshotHeader, assertLittleEndian } from './format.ts';
import { damaged, readFully, readHeader } from './read-header.ts';
import { snapshotFile } from './snapshot-file.ts';

/** A snapshot whose header is verified. */
interface OpenSnapshot {
  readonly fd: number;
  readonly file: string;
  readonly header: SnapshotHeader;
  /** Offset of the first byte after the header. */
  readonly headerEnd: number;
}

/**
 * Opens a snapshot, verifies its header and name, and that the folder's database was in its state; calls `read`, and closes it.
 * `database`: the folder's, if it is open. Throws `snapshot-damaged`, which names the section, and `snapshot-unknown`.
 */
export function withSnapshot<Result>(
  folder: DataFolder,
  version: string,
  database: Database | undefined,
  read: (snapshot: OpenSnapshot) => Result,
): Result {
  assertLittleEndian();
  const file = snapshotFile(folder, version);
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new DataError('snapshot-unknown', `there is no snapshot ${version} in ${folder.snapshots}`, {
        cause,
      });
    }
    throw damaged(file, 'file', messageOf(cause));
  }
  try {
    const { header, origin, headerEnd, headerVersion } = readHeader(fd, file);
    if (headerVersion !== version) throw damaged(file, 'header', `it has version ${headerVersion}`);
    withDatabase(folder, database, (open) => {
      const foreign = open && foreignTo(open, origin, header.position);
      if (foreign === undefined) return;
      throw new DataError(
        'snapshot-damaged',
        `${file} is not served: ${foreign}; pinwalk build makes a new one`,
      );
    });
    return read({ fd, file, header, headerEnd });
  } catch (thrown) {
    const error = asDataError(folder, thrown);
    throw error instanceof DataError || error instanceof EngineError
      ? error
      : damaged(file, 'file', messageOf(error));
  } finally {
    closeSync(fd);
  }
}

/** Calls `work` with the folder's database, opened if necessary; with undefined if the folder has none. */
function withDatabase(
  folder: DataFolder,
  open: Database | undefined,
  work: (database: Database | undefined) => void,
): void {
  if (open !== undefined || !existsSync(folder.database)) {
    work(open);
    return;
  }
  const own = openDatabaseReadOnly(folder);
  try {
    work(own);
  } finally {
    own?.close();
  }
}

/** Checks that a gap contains only zeros, since no hash covers it. */
export function assertZeros(fd: number, file: string, before: string, from: number, to: number): void {
  const gap = Buffer.alloc(to - from);
  if (!readFully(fd, gap, from) || gap.some((byte) => byte !== 0)) {
    throw damaged(file, before, 'the gap before it is not empty');
  }
}
