import { RestProblem } from './rest-client.ts';

/** Where a request stands. Earlier data stays, as `isStale`, until its successor arrives. */
export interface FetchState<Data> {
  readonly data: Data | undefined;
  readonly problem: RestProblem | undefined;
  readonly isStale: boolean;
}

export type Load<Data> = (signal: AbortSignal) => Promise<Data>;

export const initialState = { data: undefined, problem: undefined, isStale: true } as const;

/** How long a superseded request may go on before it is aborted. */
const graceMs = 250;

/**
 * Sends one request at a time; of the requests that come meanwhile, only the latest is sent. So while a slider
 * moves, responses come as fast as the server gives them, and the page waits for none that it no longer needs.
 * When the server says when to retry (`Retry-After`), the request is sent again after that time until it
 * succeeds.
 */
export class LatestRequest<Data> {
  readonly #onChange: (state: FetchState<Data>) => void;
  #state: FetchState<Data> = initialState;
  #next: Load<Data> | undefined;
  #inFlight: AbortController | undefined;
  #graceTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  /** `onChange` is called after every change of the state. */
  constructor(onChange: (state: FetchState<Data>) => void) {
    this.#onChange = onChange;
  }

  send(load: Load<Data>): void {
    clearTimeout(this.#retryTimer);
    this.#next = load;
    if (!this.#state.isStale) this.#set({ isStale: true });
    const inFlight = this.#inFlight;
    if (inFlight === undefined) void this.#run();
    else this.#graceTimer ??= setTimeout(() => inFlight.abort(), graceMs);
  }

  /** Aborts the request in flight and sends no more. */
  close(): void {
    this.#next = undefined;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#graceTimer);
    this.#inFlight?.abort();
  }

  async #run(): Promise<void> {
    for (let load = this.#next; load !== undefined; load = this.#next) {
      this.#next = undefined;
      const inFlight = new AbortController();
      this.#inFlight = inFlight;
      try {
        const data = await load(inFlight.signal);
        if (!inFlight.signal.aborted) {
          this.#set({ data, problem: undefined, isStale: this.#next !== undefined });
        }
      } catch (error) {
        if (!inFlight.signal.aborted && this.#next === undefined) this.#fail(RestProblem.from(error), load);
      }
      clearTimeout(this.#graceTimer);
      this.#graceTimer = undefined;
      this.#inFlight = undefined;
    }
  }

  #fail(problem: RestProblem, load: Load<Data>): void {
    this.#set({ problem, isStale: true });
    const { retryAfterSeconds } = problem;
    if (retryAfterSeconds === undefined) return;
    this.#retryTimer = setTimeout(() => this.send(load), retryAfterSeconds * 1000);
  }

  #set(change: Partial<FetchState<Data>>): void {
    this.#state = { ...this.#state, ...change };
    this.#onChange(this.#state);
  }
}
