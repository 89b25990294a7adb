import { Problem, type ProblemCode, type RequestFault } from '../base/index.ts';
import { storageProblemOf } from './storage-problem.ts';

/** A problem on its way from a worker thread, where the class of an error is lost. */
export interface ProblemOutcome {
  readonly problem: {
    readonly code: ProblemCode;
    readonly detail: string;
    readonly errors: readonly RequestFault[];
  };
}

/** Rethrows errors that are neither problems nor faults of the storage. */
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
