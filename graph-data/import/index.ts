export {
  type FileReport,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  type RowSource,
  importFiles,
  importRows,
} from './import-files.ts';
export { keyBytesMax } from './key-table.ts';
export { type FileFormat, fileFormats } from './records.ts';
export type { SaveRow } from './row.ts';
