import type { DataError } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';

/** Clients may retry after a second. */
export function notReady(detail: string): Problem {
  return new Problem('graph-not-ready', detail, [], { 'Retry-After': '1' });
}

/** The problem for an error of loading or swapping a snapshot; other errors stay as they are. */
export function activationProblem(error: DataError): Problem | DataError {
  if (error.code === 'snapshot-unknown') return new Problem('unknown-snapshot', error.message);
  if (error.code === 'snapshot-damaged') return new Problem('conflict', error.message);
  if (error.code === 'snapshot-unlike') {
    // The pointer names the field that would let the call through.
    const fault = { pointer: '/force', code: error.code, detail: 'true activates the snapshot nevertheless' };
    return new Problem('conflict', error.message, [fault]);
  }
  return error.code === 'stopped' ? notReady('the server is stopping') : error;
}
