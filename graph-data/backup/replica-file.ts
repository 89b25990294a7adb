import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeFileDurably, writeFully } from '../durable-files.ts';
import { DataError, messageOf } from '../errors.ts';

/**
 * Marks a data folder as a replica's: only such a folder replaces its own data, and none of them takes writes.
 */
const markSchema = z.strictObject({
  /** The publications that it follows, as they were named. */
  follows: z.string(),
});

function markFile({ root }: { readonly root: string }): string {
  return path.join(root, 'replica.json');
}

export function markReplica(folder: { readonly root: string }, follows: string): void {
  writeFileDurably(markFile(folder), (fd) => writeFully(fd, Buffer.from(`${JSON.stringify({ follows })}\n`)));
}

export function unmarkReplica(folder: { readonly root: string }): void {
  rmSync(markFile(folder), { force: true });
}

/**
 * The source that a replica's folder follows; undefined for any other folder. Throws `data-folder-unusable` if
 * the mark is damaged.
 */
export function followedBy(folder: { readonly root: string }): string | undefined {
  const file = markFile(folder);
  if (!existsSync(file)) return undefined;
  try {
    return markSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).follows;
  } catch (cause) {
    const fault = `${file} is damaged: ${messageOf(cause)}; delete the folder of this replica, and start it again`;
    throw new DataError('data-folder-unusable', fault, { cause });
  }
}
