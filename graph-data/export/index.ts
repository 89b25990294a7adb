export { exportTo } from './export-tables.ts';
export { type ExportTable, exportTables } from './tables.ts';
