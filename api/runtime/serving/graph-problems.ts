import type { DataError } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';

/** Ask again in a second. */
export function notReady(why: string): Problem {
  return new Problem('graph-not-ready', why, [], { 'Retry-After': '1' });
}

/** A fault of loading or swapping a snapshot, as a problem where it is one. */
export function problemOf(error: DataError): Problem | DataError {
  if (error.code === 'snapshot-unknown') return new Problem('unknown-snapshot', error.message);
  if (error.code === 'snapshot-damaged') return new Problem('conflict', error.message);
  if (error.code === 'snapshot-unlike') {
    // The pointer names the field that would let the call through.
    const fault = { pointer: '/force', code: error.code, detail: 'true activates the snapshot nevertheless' };
    return new Problem('conflict', error.message, [fault]);
  }
  return error.code === 'stopped' ? notReady('the server is stopping') : error;
}
