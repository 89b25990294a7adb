export { type Database, asDataError, openDatabase, openDatabaseReadOnly } from './open-database.ts';
export { bulkLoadIndexes } from './schema.ts';
export { type GraphCounts, type PinRow, Store, readCounts, readPosition } from './store.ts';
