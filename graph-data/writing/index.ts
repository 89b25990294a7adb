export type {
  Applied,
  Change,
  ChangeResult,
  PutChange,
  RefusedChange,
  RemovePinChange,
  SaveChange,
  UnsaveChange,
  WriteOutcome,
  WriteRequest,
} from './changes.ts';
export { type ErasedRows, hasUnfinishedErasure } from './eraser.ts';
export { eraseFromRejects, type ErasedRejects } from './erase-from-rejects.ts';
export { type ScrubbedEvents, SaveWriter } from './save-writer.ts';
