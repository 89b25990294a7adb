import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { DataError, messageOf } from './errors.ts';

/**
 * Creates or replaces a file so that after a crash at any moment it is there whole, or as it was before:
 * written beside, fsynced, renamed, and the rename itself fsynced. `write` gets the open descriptor.
 */
export function writeFileDurably(file: string, write: (fd: number) => void): void {
  const partial = `${file}.${process.pid}${partialSuffix}`;
  try {
    const fd = openSync(partial, 'w');
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
    const remedy = 'see that the folder can be written and the disk is not full';
    throw new DataError('data-folder-unusable', `cannot write ${file}: ${messageOf(error)}; ${remedy}`, {
      cause: error,
    });
  }
  syncFolder(path.dirname(file));
}

/** What a write that was cut off leaves behind, after the id of its process. */
export const partialSuffix = '.partial';

/**
 * Deletes what killed processes left in a folder. What a running one is writing stays; so does what this one is, unless
 * `ownToo` says that its thread was ended.
 */
export function removeLeftovers(folder: string, ownToo = false): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const pid = Number(/\.(\d+)\.partial$/.exec(name)?.[1]);
    const isLeft = pid === process.pid ? ownToo : pid > 0 && !isRunning(pid);
    if (isLeft) rmSync(path.join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Most bytes that one read or write takes: Node allows less than 2 GiB. */
export const ioBytesMax: number = 2 ** 30;

/** Writes every byte: one call of writeSync may take only some of them. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, Math.min(bytes.length - written, ioBytesMax));
  }
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return; // Windows opens no folders and journals renames itself.
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
