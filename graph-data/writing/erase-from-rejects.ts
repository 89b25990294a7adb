import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { removeLeftovers, writeFileDurably, writeFully } from '../durable-files.ts';

/** What went from the files of rejected rows. */
export interface ErasedRejects {
  readonly rows: number;
  /** Files in which no row was left, and that went whole. */
  readonly files: number;
}

/**
 * Drops rejected rows of imports in which one of these keys stands, rather too many than too few: also where it is part
 * of a longer word. Files are read whole.
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

/** How a key may be written in a row: as it is, in JSON, and in CSV. */
function formsOf(key: string): string[] {
  return [key, JSON.stringify(key).slice(1, -1), key.replaceAll('"', '""')];
}

/** In the line as it is stored, or in one of the texts that it holds as JSON. */
function mentions(line: string, forms: readonly string[]): boolean {
  const texts = [line];
  try {
    texts.push(...Object.values(JSON.parse(line) as object).map(String));
  } catch {
    // A line that a crash has cut: looked at as it is.
  }
  return texts.some((text) => forms.some((form) => text.includes(form)));
}
