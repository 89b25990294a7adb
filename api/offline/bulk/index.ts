export { type BulkCounts, type Shard, bulkColumns, bulkRows } from './recommend-all.ts';
