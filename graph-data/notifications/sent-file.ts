import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { privateMode, removeLeftoversOf, writeFileDurably, writeFully } from '../durable-files.ts';
import type { Root } from './notification-file.ts';

/** The file of the channel `file`: a line of JSON for each notification. */
function sentFile({ root }: Root): string {
  return path.join(root, 'notifications.jsonl');
}

/** Appends a notification to the file of the channel `file`. */
export function appendNotification(
  folder: Root,
  user: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  appendFileSync(sentFile(folder), `${JSON.stringify({ ...fields, user })}\n`, { mode: privateMode });
}

/** Deletes the lines of a person. O(file). */
export function eraseFromSentFile(folder: Root, user: string): void {
  const file = sentFile(folder);
  removeLeftoversOf(file);
  if (!existsSync(file)) return;
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const others = lines.filter((line) => !isOf(line, user));
  if (others.length === lines.length) return;
  if (others.length === 0) rmSync(file);
  else writeFileDurably(file, (fd) => writeFully(fd, Buffer.from(`${others.join('\n')}\n`)));
}

/** A line that a crash cut short goes with any erasure: whose it was is not certain. */
function isOf(line: string, user: string): boolean {
  try {
    return (JSON.parse(line) as { user?: unknown }).user === user;
  } catch {
    return true;
  }
}
