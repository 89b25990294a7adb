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
export { SaveWriter } from './save-writer.ts';
