import { TooMuchWork, Work } from '../../../engine/base/index.ts';
import { Problem } from '../../base/index.ts';
import type { ProblemOutcome } from '../problem-outcome.ts';

/** How much a task may do. */
export interface Allowance {
  /** Units of work of one request; a batch starts no further request once it has done as much. */
  readonly workMax: number;
  /** Units after which the task is given up, if that is less: another lane may run it from the start. */
  readonly handOverAt: number;
}

/** The work of one task, request by request. */
export class Works {
  readonly #allowance: Allowance;
  readonly #all: Work[] = [];

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  get cost(): number {
    return this.#all.reduce((sum, { cost }) => sum + cost, 0);
  }

  /** The work of the next request. Throws `overloaded` when those before have used up the allowance. */
  next(): Work {
    const { workMax, handOverAt } = this.#allowance;
    // Without what earlier requests have left: whether a request is refused must not depend on it.
    const used = this.#all.reduce((sum, work) => sum + work.used, 0);
    if (this.#all.length > 0 && used >= workMax) {
      throw new Problem(
        'overloaded',
        `the requests before have taken ${workMax} units of work: send it again`,
      );
    }
    const work = new Work(workMax, handOverAt - this.cost);
    this.#all.push(work);
    return work;
  }

  outcomeOf<Outcome>(run: () => Outcome): { readonly outcome: Outcome | undefined; readonly work: number } {
    try {
      return { outcome: run(), work: this.cost };
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      return { outcome: undefined, work: this.cost };
    }
  }
}

export function tooLate(batchMsMax: number): ProblemOutcome {
  const detail = `the batch took over ${batchMsMax / 1000} s before it reached this request: send it again`;
  return { problem: { code: 'overloaded', detail, errors: [] } };
}

export function tooLarge(batchBytesMax: number): ProblemOutcome {
  const detail = `the lists of the requests before have over ${batchBytesMax} bytes: send it again`;
  return { problem: { code: 'overloaded', detail, errors: [] } };
}
