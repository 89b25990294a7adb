import type { DataError } from '../../../graph-data/index.ts';
import { storageProblemOf } from '../storage-problem.ts';
import { Problem, type ProblemCode, type RequestFault } from '../../base/index.ts';

/** A problem on its way from a worker thread, where the class of an error is lost. */
export interface ProblemOutcome {
  readonly problem: {
    readonly code: ProblemCode;
    readonly detail: string;
    readonly errors: readonly RequestFault[];
  };
}

/** Rethrows what is no problem, nor one of the storage. */
export function outcomeOf(error: unknown): ProblemOutcome {
  const problem = error instanceof Problem ? error : storageProblemOf(error);
  if (problem === undefined) throw error;
  return { problem: { code: problem.code, detail: problem.message, errors: problem.errors } };
}

export function isProblem(outcome: object): outcome is ProblemOutcome {
  return 'problem' in outcome;
}

export function problemOf({ problem: { code, detail, errors } }: ProblemOutcome): Problem {
  return new Problem(code, detail, errors);
}

/** The value that a worker has sent. Throws the problem if it sent one instead. */
export function valueOf<Value extends object>(outcome: Value | ProblemOutcome): Value {
  if (isProblem(outcome)) throw problemOf(outcome);
  return outcome;
}

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
