export { exportTo } from './export-tables.ts';
export { type ExportChoice, exportChoices } from './tables.ts';
