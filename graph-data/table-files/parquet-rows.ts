import type { ColumnSource } from 'hyparquet-writer';
import { type Cell, type TableColumn, type TableRow, isMissing } from './columns.ts';

/** Rows of a row group: as many as are kept in memory. */
const groupRowsMax = 50_000;
/** Characters of text after which a row group ends earlier. */
const groupCharactersMax = 2 ** 25;

const types = {
  text: 'STRING',
  integer: 'INT64',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP',
  json: 'JSON',
} as const satisfies Readonly<Record<TableColumn['kind'], ColumnSource['type']>>;

/** Writes the rows as Parquet, row group by row group, each handed to `write` as it is complete. */
export async function writeParquet(
  columns: readonly TableColumn[],
  rows: AsyncIterable<TableRow>,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  // Loaded with the first such file.
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const sources = (group: readonly Cell[][]): ColumnSource[] =>
    columns.map(({ name, kind }, i) => ({ name, type: types[kind], data: group[i]!, nullable: true }));
  const empty = (): Cell[][] => columns.map(() => []);
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: sources(empty()) }),
    createdBy: 'pinwalk',
  });
  const flush = async (): Promise<void> => {
    const complete = bytes.getBytes().slice();
    bytes.index = 0;
    await write(complete);
  };
  let [group, size, characters] = [empty(), 0, 0];
  const endGroup = async (): Promise<void> => {
    if (size > 0) await writer.write({ columnData: sources(group), rowGroupSize: groupRowsMax });
    [group, size, characters] = [empty(), 0, 0];
    await flush();
  };
  for await (const row of rows) {
    for (const [i, { kind }] of columns.entries()) {
      const cell = cellOf(row[i], kind);
      group[i]!.push(cell);
      if (typeof cell === 'string') characters += cell.length;
    }
    if (++size === groupRowsMax || characters >= groupCharactersMax) await endGroup();
  }
  await endGroup();
  await writer.finish();
  await flush();
}

function cellOf(cell: Cell, kind: TableColumn['kind']): Cell {
  if (isMissing(cell)) return null;
  if (kind === 'integer') return BigInt(cell as number);
  return kind === 'time' ? new Date(cell as number) : cell;
}
