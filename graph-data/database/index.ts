export { type Database, asDataError, openDatabase, openDatabaseReadOnly } from './open-database.ts';
export { type GraphCounts, type PinRow, Store, isEmpty, readCounts, readPosition } from './store.ts';
