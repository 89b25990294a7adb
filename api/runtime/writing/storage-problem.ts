import type { StorageFault } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';

const details: Readonly<Record<StorageFault | 'died', string>> = {
  'in-use':
    'another process is writing to the data folder (an import, most likely): try again when it is done',
  full: 'the disk is full: nothing of this request was written',
  unwritable: 'the data folder cannot be written: nothing of this request was written',
  damaged: 'the database is damaged: nothing of this request was written; the log says more',
  other: 'the database cannot be written: nothing of this request was written; the log says more',
  died: 'the writer has ended and will be started again; the request may have been written or not: send it again',
};

/** Why nothing can be written, as a problem without paths in it. */
export function storageProblem(reason: StorageFault | 'died'): Problem {
  return new Problem('storage-unavailable', details[reason], [], { 'Retry-After': '1' });
}
