import type { FileRecord } from './file-record.ts';
import type { Line } from './read-lines.ts';

/** Maximum number of distinct names in one file: more suggests that the names are data. */
const namesMax = 1_000;

/** Records of JSON lines. Appends each new name to `names`; the values of a record follow that order. */
export async function* jsonRecords(
  batches: AsyncIterable<readonly Line[]>,
  names: string[],
): AsyncGenerator<FileRecord[]> {
  const columnOf = new Map<string, number>();
  for await (const lines of batches) {
    const records: FileRecord[] = [];
    for (const { line, text, fault } of lines) {
      const row = fault === undefined ? parseObject(text) : undefined;
      if (row === undefined) {
        records.push({ line, text, values: [], fault: fault ?? 'the line is not a JSON object' });
        continue;
      }
      const values: unknown[] = [];
      for (const [name, value] of Object.entries(row)) {
        const column = columnOf.get(name) ?? names.length;
        if (column === namesMax) break;
        if (column === names.length) columnOf.set(name, names.push(name) - 1);
        values[column] = value;
      }
      const isComplete = values.length <= namesMax && Object.keys(row).every((name) => columnOf.has(name));
      const tooMany = { fault: `the file has more than ${namesMax} different names` };
      records.push({ line, text, values, ...(isComplete ? {} : tooMany) });
    }
    yield records;
  }
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
