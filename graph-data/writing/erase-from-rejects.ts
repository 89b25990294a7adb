import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { removeLeftovers, writeFileDurably, writeFully } from '../durable-files.ts';

/** What was erased from the files of rejected rows. */
export interface ErasedRejects {
  readonly rows: number;
  /** Files deleted because no row was left. */
  readonly files: number;
}

/**
 * Deletes the rejected rows that contain one of the keys. Errs on the side of deleting too much: a key also matches
 * within a longer word. Reads each file into memory.
 */
export function eraseFromRejects({ rejects }: DataFolder, keys: readonly string[]): ErasedRejects {
  if (!existsSync(rejects)) return { rows: 0, files: 0 };
  removeLeftovers(rejects);
  const forms = [...new Set(keys.filter((key) => key !== '').flatMap(formsOf))];
  let rows = 0;
  let files = 0;
  for (const name of readdirSync(rejects).filter((each) => each.endsWith('.rejects.jsonl'))) {
    const file = path.join(rejects, name);
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    const kept = lines.filter((line) => !mentions(line, forms));
    if (kept.length === lines.length) continue;
    rows += lines.length - kept.length;
    if (kept.length > 0) {
      writeFileDurably(file, (fd) => writeFully(fd, Buffer.from(`${kept.join('\n')}\n`)));
    } else {
      rmSync(file);
      files++;
    }
  }
  return { rows, files };
}

/** The ways to write a key in a row: verbatim, escaped for JSON, escaped for CSV. */
function formsOf(key: string): string[] {
  return [key, JSON.stringify(key).slice(1, -1), key.replaceAll('"', '""')];
}

/** Whether the stored line, or a value of the JSON object in it, contains one of the forms. */
function mentions(line: string, forms: readonly string[]): boolean {
  const texts = [line];
  try {
    texts.push(...Object.values(JSON.parse(line) as object).map(String));
  } catch {
    // A line truncated by a crash: only its text is searched.
  }
  return texts.some((text) => forms.some((form) => text.includes(form)));
}
