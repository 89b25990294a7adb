import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';

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
    throw error;
  }
  syncFolder(path.dirname(file));
}

/** What a write that was cut off leaves behind: safe to delete when its process is gone. */
export const partialSuffix = '.partial';

/** Writes every byte: one call of writeSync may take only some of them. */
export function writeFully(fd: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(fd, bytes, written);
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
