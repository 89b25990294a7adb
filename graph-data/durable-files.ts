import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { DataError, messageOf } from './errors.ts';

/**
 * Creates or replaces a file atomically and durably: after a crash at any moment, the file has either its new or its
 * previous content. Writes a temporary file beside it, fsyncs and renames it, and fsyncs the folder; those that killed
 * processes left of the same file are deleted. `write` receives the open file descriptor. Throws `data-folder-unusable` if the file
 * system reports an error.
 */
export function writeFileDurably(file: string, write: (fd: number) => void): void {
  const partial = `${file}.${process.pid}${partialSuffix}`;
  try {
    removeLeftoversOf(file);
    const fd = openSync(partial, 'w', privateMode);
    try {
      write(fd);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(partial, file);
  } catch (error) {
    rmSync(partial, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const remedy = 'make sure that the folder is writable and the disk is not full';
    throw new DataError('data-folder-unusable', `cannot write ${file}: ${messageOf(error)}; ${remedy}`, {
      cause: error,
    });
  }
  syncFolder(path.dirname(file));
}

/**
 * As {@link writeFileDurably}, for a file of the caller's choice that takes long to write. Throws `file-unwritable` before
 * anything is written if the name is that of a folder, a device or a pipe, and if the file system reports an error.
 */
export async function streamFileDurably(file: string, write: (fd: number) => Promise<void>): Promise<void> {
  const partial = `${file}.${process.pid}${partialSuffix}`;
  const failed = (cause: unknown): DataError => {
    const remedy = 'make sure that its folder exists and is writable, and the disk is not full';
    return new DataError('file-unwritable', `cannot write ${file}: ${messageOf(cause)}; ${remedy}`, {
      cause,
    });
  };
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) {
    throw new DataError('file-unwritable', `cannot write ${file}: it is no regular file; name another`);
  }
  try {
    removeLeftoversOf(file);
    const fd = openSync(partial, 'w', privateMode);
    try {
      await write(fd);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(partial, file);
    syncFolder(path.dirname(file));
  } catch (error) {
    rmSync(partial, { force: true });
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : failed(error);
  }
}

/** Data files contain personal data: only their owner may read them. */
export const privateMode = 0o600;
export const privateFolderMode = 0o700;

/** Ending of a temporary file: an interrupted write leaves `<file>.<process id>.partial`. */
export const partialSuffix = '.partial';

/**
 * Deletes the temporary files and folders of ended processes whose names contain `marker`, and SQLite's journals of such files.
 * Those of running processes stay; those of this process, too, unless `ownToo` is set: none of its threads writes them any more.
 */
export function removeLeftovers(folder: string, ownToo = false, marker = ''): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.includes(marker)) continue;
    const pid = Number(/\.(\d+)\.partial(-journal)?$/.exec(name)?.[1]);
    const isLeft = pid === process.pid ? ownToo : pid > 0 && !isRunning(pid);
    if (isLeft) rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** Deletes what killed processes left of a file that they wrote. */
export function removeLeftoversOf(file: string): void {
  removeLeftovers(path.dirname(file), false, `${path.basename(file)}.`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Maximum number of bytes per read or write call; Node requires less than 2 GiB. */
export const ioBytesMax: number = 2 ** 30;

/** Writes all bytes: a single `writeSync` may write only part of them. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, Math.min(bytes.length - written, ioBytesMax));
  }
}

/** Makes created, renamed and deleted entries of a folder durable. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // Windows cannot open folders, and journals renames itself.
  syncFile(folder);
}

/** Makes the content of a file durable. */
export function syncFile(file: string): void {
  const fd = openSync(file, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
