export type { TableColumn, TableRow } from './columns.ts';
export { extensionOf, tableFormatOf } from './table-format.ts';
export { delimitedRows } from './text-rows.ts';
export { writeTable, writeText } from './write-table.ts';
