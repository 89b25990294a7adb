import type { FileRecord } from './file-record.ts';
import type { PathColumns } from './json-paths.ts';
import { readBytes } from './read-bytes.ts';
import type { Line } from './read-lines.ts';
import type { ReadOptions } from './file-options.ts';

/** Maximum number of distinct names in one file: more suggests that the names are data. */
const namesMax = 1_000;

/** A value of a JSON file: a line, or an element of a list. */
interface JsonItem {
  readonly line: number;
  readonly text: string;
  readonly value?: unknown;
  readonly fault?: string;
}

export async function* lineItems(batches: AsyncIterable<readonly Line[]>): AsyncGenerator<JsonItem[]> {
  for await (const lines of batches) yield lines.map((line) => itemOf(line));
}

/** The elements of the list at `root` of a JSON document. */
export async function* documentItems(
  file: string,
  root: readonly string[],
  options: ReadOptions,
): AsyncGenerator<JsonItem[]> {
  const { jsonElements } = await import('./read-json-document.ts');
  let line = 0;
  for await (const elements of jsonElements(file, readBytes(file, options), root)) {
    yield elements.map((value) => ({ line: ++line, text: '', value }));
  }
}

/**
 * Records of JSON objects. With `columns`, `names` are their roles; otherwise each new name is appended to `names`. The values of
 * a record follow the order of `names`.
 */
export async function* jsonRecords(
  batches: AsyncIterable<readonly JsonItem[]>,
  names: string[],
  columns: PathColumns | undefined,
): AsyncGenerator<FileRecord[]> {
  names.push(...(columns?.roles ?? []));
  const columnOf = new Map<string, number>();
  for await (const items of batches) {
    yield items.flatMap((item): FileRecord[] => {
      const { line, text, value, fault } = item;
      if (!isObject(value))
        return [{ line, text, values: [], fault: fault ?? 'the line is not a JSON object' }];
      if (columns !== undefined) return columns.rowsOf(value).map((values) => ({ line, text, values }));
      return [recordOf(item, value, names, columnOf)];
    });
  }
}

function recordOf(
  { line, text }: JsonItem,
  row: object,
  names: string[],
  columnOf: Map<string, number>,
): FileRecord {
  const values: unknown[] = [];
  for (const [name, value] of Object.entries(row)) {
    const column = columnOf.get(name) ?? names.length;
    if (column === namesMax) break;
    if (column === names.length) columnOf.set(name, names.push(name) - 1);
    values[column] = value;
  }
  const isComplete = values.length <= namesMax && Object.keys(row).every((name) => columnOf.has(name));
  const tooMany = { fault: `the file has more than ${namesMax} different names` };
  return { line, text, values, ...(isComplete ? {} : tooMany) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function itemOf({ line, text, fault }: Line): JsonItem {
  if (fault !== undefined) return { line, text, fault };
  try {
    return { line, text, value: JSON.parse(text) };
  } catch {
    return { line, text };
  }
}
