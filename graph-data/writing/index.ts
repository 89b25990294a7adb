export type {
  Change,
  ConsumedRange,
  SaveChange,
  UnsaveChange,
  WriteOutcome,
  WriteRequest,
} from './changes.ts';
export { type ConsumedOffset, readConsumed } from './consumed-offsets.ts';
export { type ErasedRows, hasUnfinishedErasure } from './eraser.ts';
export { eraseFromRejects, type ErasedRejects, isInRejects } from './erase-from-rejects.ts';
export { Checkpointer } from './checkpointer.ts';
export { SaveWriter } from './save-writer.ts';
export { VectorWriter, modelFault } from './vector-writer.ts';
