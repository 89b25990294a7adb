import { DataError } from '../../graph-data/base/index.ts';
import { type StorageFault, isStorageError, storageFaultOf } from '../../graph-data/database/index.ts';
import { Problem } from '../base/index.ts';

const whenWriting: Readonly<Record<StorageFault | 'died', string>> = {
  'in-use': 'another process is writing to the data folder, probably an import: try again when it is done',
  full: 'the disk is full: nothing of this request was written',
  gone: 'the database was deleted or replaced while the server runs: this request is not stored; the server has to be restarted',
  unwritable: 'the data folder cannot be written: nothing of this request was written',
  damaged: 'the database is damaged: nothing of this request was written; see the log',
  other: 'the database cannot be written: nothing of this request was written; see the log',
  died: 'the writer has failed and will restart; the request may have been written or not: send it again',
};

const whenReading: Readonly<Record<StorageFault, string>> = {
  'in-use': 'another process uses the data folder exclusively: try again when it is done',
  full: 'the disk is full',
  gone: 'the database was deleted or replaced while the server runs: the server has to be restarted',
  unwritable: 'the data folder cannot be opened',
  damaged: 'the database is damaged: see the log',
  other: 'the database cannot be read: see the log',
};

/** The problem of a write, without paths. `detail`: default, as the reason says. */
export function storageProblem(reason: StorageFault | 'died', detail: string = whenWriting[reason]): Problem {
  return new Problem('storage-unavailable', detail, [], { 'Retry-After': '1' });
}

/** What to respond about damaged interactions, notifications or campaigns: which, and the remedy. Undefined for other errors. */
export function damageOf(error: unknown): string | undefined {
  const isNamed =
    error instanceof DataError && /^(interactions|notifications|campaigns)-damaged$/.test(error.code);
  return isNamed ? error.message : undefined;
}

/** The problem of a read, if the error is the storage's; undefined for other errors. */
export function storageProblemOf(error: unknown): Problem | undefined {
  if (!isStorageError(error)) return undefined;
  return storageProblem('other', damageOf(error) ?? whenReading[storageFaultOf(error)]);
}
