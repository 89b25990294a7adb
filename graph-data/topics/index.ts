export {
  type RecordBlock,
  type RecordPart,
  type TopicRecord,
  hasKey,
  hasValue,
  isDelete,
  recordsIn,
} from './record-block.ts';
export { type RejectedRecord, removeUnstoredRejects, writeRecordRejects } from './record-rejects.ts';
