import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { writeFileDurably, writeFully } from './durable-files.ts';
import { DataError, type DataErrorCode, messageOf } from './errors.ts';

/** A JSON file of named entries, for people and programs: `{"presets": {…}, "sha256": "…"}`. */
export interface EntriesFile {
  readonly file: string;
  /** The plural name of the entries: the name of the object that holds them. */
  readonly member: string;
  /** Of the errors. */
  readonly code: DataErrorCode;
  /** How to get the entries back. */
  readonly remedy: string;
}

export type Entries = Readonly<Record<string, unknown>>;

/**
 * The entries of a file; none if it is missing. Calls `onEdited` if the file is not as pinwalk wrote it. Throws the
 * file's error, with the remedy.
 */
export function readEntries(
  { file, member, code, remedy }: EntriesFile,
  onEdited?: (warning: DataError) => void,
): Record<string, unknown> {
  if (!existsSync(file)) return {};
  const schema = z.strictObject({
    [member]: z.record(z.string(), z.unknown()),
    // Of the entries as pinwalk wrote them: a flipped digit would make another valid entry.
    sha256: z.string().optional(),
  });
  try {
    const read = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const entries = read[member] as Record<string, unknown>;
    if (read['sha256'] !== undefined && read['sha256'] !== sumOf(entries)) {
      const check =
        'check its values; without the line "sha256", or after the next change by pinwalk, it passes';
      onEdited?.(new DataError(code, `${file} was edited or is damaged: ${check}`));
    }
    return entries;
  } catch (cause) {
    const what = cause instanceof z.ZodError ? `it has no object "${member}"` : messageOf(cause);
    throw new DataError(code, `cannot read ${file}: ${what}; ${remedy}`, { cause });
  }
}

/** Replaces the file, durably. */
export function writeEntries({ file, member }: EntriesFile, entries: Entries): void {
  const text = `${JSON.stringify({ [member]: entries, sha256: sumOf(entries) }, null, 2)}\n`;
  writeFileDurably(file, (fd) => writeFully(fd, Buffer.from(text)));
}

function sumOf(entries: Entries): string {
  return hash('sha256', JSON.stringify(entries), 'hex');
}
