import { RestProblem } from './rest-client.ts';

/** How an asking stands. An earlier answer stays, as `isStale`, until the next is there. */
export interface Standing<Answer> {
  readonly answer: Answer | undefined;
  readonly problem: RestProblem | undefined;
  readonly isStale: boolean;
}

export type Ask<Answer> = (signal: AbortSignal) => Promise<Answer>;

/** What is under way when something else is asked may still take so long; then it is aborted. */
const graceMs = 250;

/**
 * Asks one question at a time, and of those that come meanwhile only the latest: while a slider moves, answers come as
 * fast as the server gives them, and none is waited for that nobody wants any more. Where the server says when to come
 * back, it is asked again after that time, until it answers.
 */
export class LatestAsker<Answer> {
  readonly #onChange: (standing: Standing<Answer>) => void;
  #standing: Standing<Answer> = { answer: undefined, problem: undefined, isStale: true };
  #wanted: Ask<Answer> | undefined;
  #underWay: AbortController | undefined;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(onChange: (standing: Standing<Answer>) => void) {
    this.#onChange = onChange;
  }

  get standing(): Standing<Answer> {
    return this.#standing;
  }

  ask(question: Ask<Answer>): void {
    clearTimeout(this.#retryTimer);
    this.#wanted = question;
    if (!this.#standing.isStale) this.#tell({ isStale: true });
    const { graceTimer, underWay } = { graceTimer: this.#graceTimer, underWay: this.#underWay };
    if (underWay === undefined) void this.#next();
    else if (graceTimer === undefined) this.#graceTimer = setTimeout(() => underWay.abort(), graceMs);
  }

  /** Wants nothing any more. */
  close(): void {
    this.#wanted = undefined;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#graceTimer);
    this.#underWay?.abort();
  }

  async #next(): Promise<void> {
    const question = this.#wanted;
    if (question === undefined) return;
    this.#wanted = undefined;
    const underWay = new AbortController();
    this.#underWay = underWay;
    try {
      const answer = await question(underWay.signal);
      if (!underWay.signal.aborted) this.#tell({ answer, problem: undefined, isStale: this.#hasMore });
    } catch (error) {
      if (!underWay.signal.aborted) this.#fail(error, question);
    }
    clearTimeout(this.#graceTimer);
    this.#graceTimer = undefined;
    this.#underWay = undefined;
    await this.#next();
  }

  get #hasMore(): boolean {
    return this.#wanted !== undefined;
  }

  #fail(error: unknown, question: Ask<Answer>): void {
    if (this.#hasMore) return;
    const problem = error instanceof RestProblem ? error : new RestProblem('internal', 0, String(error));
    this.#tell({ problem, isStale: true });
    const { retryAfterSeconds } = problem;
    if (retryAfterSeconds === undefined) return;
    this.#retryTimer = setTimeout(() => this.ask(question), retryAfterSeconds * 1000);
  }

  #tell(change: Partial<Standing<Answer>>): void {
    this.#standing = { ...this.#standing, ...change };
    this.#onChange(this.#standing);
  }
}
