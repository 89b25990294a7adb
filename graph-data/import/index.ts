export {
  type FileReport,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  type RowSource,
  importFiles,
  importRows,
} from './import-files.ts';
export { KeyTable, keyBytesMax } from './key-table.ts';
export { type ReadSavesOptions, readSaves } from './read-saves.ts';
export { type FileFormat, fileFormats } from './records.ts';
export { type SaveRow, parseTime } from './row.ts';
