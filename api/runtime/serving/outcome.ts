import { Problem, type ProblemCode, type RequestFault } from '../../base/index.ts';

/** A problem on its way from a worker thread, where the class of an error is lost. */
export interface ProblemOutcome {
  readonly problem: {
    readonly code: ProblemCode;
    readonly detail: string;
    readonly errors: readonly RequestFault[];
  };
}

/** Rethrows what is not a problem. */
export function outcomeOf(error: unknown): ProblemOutcome {
  if (!(error instanceof Problem)) throw error;
  return { problem: { code: error.code, detail: error.message, errors: error.errors } };
}

export function isProblem(outcome: object): outcome is ProblemOutcome {
  return 'problem' in outcome;
}

export function problemOf({ problem: { code, detail, errors } }: ProblemOutcome): Problem {
  return new Problem(code, detail, errors);
}

/** What a worker has found. Throws the problem if it sent one instead. */
export function valueOf<Value extends object>(outcome: Value | ProblemOutcome): Value {
  if (isProblem(outcome)) throw problemOf(outcome);
  return outcome;
}
