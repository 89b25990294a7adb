import { DataError } from '../errors.ts';
import { type FileRecord, type ReadOptions, type RecordReader, openRecords } from '../import/index.ts';

/** A converted row: values in the order of the new columns, a fault, or intentionally skipped. */
export type Converted = readonly unknown[] | { readonly fault: string } | 'left out';

/**
 * Converts the rows of another format into records with the columns `names`. Faults keep the line and text of the
 * original row. `isSecond`: the file is read for the second time, so that faults and skipped rows are not reported again.
 */
export function convertRecords(
  names: readonly string[],
  batches: () => AsyncIterable<readonly FileRecord[]>,
  convert: (values: readonly unknown[]) => Converted,
  isSecond = false,
): RecordReader {
  let leftOut = 0;
  return {
    names,
    isTyped: true,
    get leftOut() {
      return isSecond ? 0 : leftOut;
    },
    async *batches() {
      for await (const records of batches()) {
        const kept: FileRecord[] = [];
        for (const record of records) {
          const converted = record.fault === undefined ? convert(record.values) : { fault: record.fault };
          if (converted === 'left out') leftOut++;
          else if ('fault' in converted) {
            if (!isSecond) kept.push({ ...record, values: [], fault: converted.fault });
          } else kept.push({ line: record.line, text: record.text, values: converted });
        }
        yield kept;
      }
    },
  };
}

/**
 * The records of a CSV file with a header, reduced to the columns `wanted`, in that order. Throws
 * `import-columns-unknown` if one is missing.
 */
export async function* pickColumns(
  file: string,
  wanted: readonly string[],
  options: ReadOptions,
): AsyncGenerator<FileRecord[]> {
  const reader = await openRecords(file, { ...options, format: 'csv', columns: undefined, header: true });
  let found: number[] | undefined;
  for await (const records of reader.batches()) {
    found ??= indexesOf(file, wanted, reader.names);
    const indexes = found;
    yield records.map(({ line, text, values, fault }) => {
      if (fault !== undefined) return { line, text, values, fault };
      return { line, text, values: indexes.map((index) => values[index]) };
    });
  }
}

function indexesOf(file: string, wanted: readonly string[], names: readonly string[]): number[] {
  const missing = wanted.filter((name) => !names.includes(name));
  if (names.length > 0 && missing.length > 0) {
    throw new DataError(
      'import-columns-unknown',
      `${file}: its header lacks ${missing.join(', ')}; it needs ${wanted.join(', ')}`,
    );
  }
  return wanted.map((name) => names.indexOf(name));
}
