export {
  type FileReport,
  type FileSource,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  type RowSource,
  importFiles,
  importRows,
} from './import-files.ts';
export { KeyTable, keyBytesMax } from './key-table.ts';
export { type Line, linesOf } from './read-lines.ts';
export { type ReadSavesOptions, readSaves } from './read-saves.ts';
export { isHeader } from './columns.ts';
export { readLines } from './read-lines.ts';
export {
  type FileFormat,
  type FileRecord,
  type ReadOptions,
  type RecordReader,
  fileFormats,
  openRecords,
} from './records.ts';
export { type SaveRow, attributeDepthMax, parseTime, timeOf } from './row.ts';
