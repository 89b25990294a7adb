import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** The database of a data folder, without the suffixes of its log. */
export function databasePathOf(data: string): string {
  return path.join(data, 'pinwalk.db');
}

/** Bytes of all files below a folder; of a file, with those whose names it begins, such as a database's log. */
export function filesBytes(name: string): number {
  const { dir, base } = path.parse(name);
  let bytes = 0;
  for (const each of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const file = path.join(dir, each);
    if (each.startsWith(base) && statSync(file).isFile()) bytes += statSync(file).size;
  }
  return bytes;
}
