import { DataError } from '../errors.ts';
import { type FileRecord, type ReadOptions, type RecordReader, openRecords } from '../import/index.ts';

/** What a row comes to: values in the order of the new columns, a fault, or nothing, as it is not wanted. */
export type Converted = readonly unknown[] | { readonly fault: string } | 'left out';

/**
 * Rows of another form as records of our columns. What is wrong with a row is told by its own line and text; with
 * `isSecond`, of a file that is read a second time, it was told before and is passed over.
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
 * The records of a CSV file whose header has certain columns, their values in the order in which these are named here.
 * Throws `import-columns-unknown` when one is missing.
 */
export async function* pickColumns(
  file: string,
  wanted: readonly string[],
  options: ReadOptions,
): AsyncGenerator<FileRecord[]> {
  const reader = await openRecords(file, { ...options, format: 'csv', columns: undefined, header: true });
  let places: number[] | undefined;
  for await (const records of reader.batches()) {
    places ??= placesOf(file, wanted, reader.names);
    const at = places;
    yield records.map(({ line, text, values, fault }) => {
      if (fault !== undefined) return { line, text, values, fault };
      return { line, text, values: at.map((place) => values[place]) };
    });
  }
}

function placesOf(file: string, wanted: readonly string[], names: readonly string[]): number[] {
  const missing = wanted.filter((name) => !names.includes(name));
  if (names.length > 0 && missing.length > 0) {
    throw new DataError(
      'import-columns-unknown',
      `${file}: its header has no ${missing.join(', ')}; expected are ${wanted.join(', ')}`,
    );
  }
  return wanted.map((name) => names.indexOf(name));
}
