import { addPhases, epochMs, isTraced } from '../tracing/index.ts';

/** When a write waited, and when the commit that it shared took place. */
export class WriteTrace {
  readonly #queuedAt = epochMs();
  #beganAt = this.#queuedAt;
  #commit: { readonly endedAt: number; readonly requests: number; readonly changes: number } | undefined;

  /** Undefined if nobody traces. */
  static start(): WriteTrace | undefined {
    return isTraced() ? new WriteTrace() : undefined;
  }

  /** The thread gets the request, again after a commit that was given up. */
  begin(): void {
    this.#beganAt = epochMs();
  }

  /** The commit is durable. `requests` and `changes`: of all that shared it. */
  committed(requests: number, changes: number): void {
    this.#commit = { endedAt: epochMs(), requests, changes };
  }

  /** Adds the phases to the active span. */
  add(): void {
    if (this.#commit === undefined) return;
    const { endedAt: end, requests, changes } = this.#commit;
    const attributes = { 'pinwalk.commit.requests': requests, 'pinwalk.commit.changes': changes };
    addPhases([
      { name: 'queue', start: this.#queuedAt, end: this.#beganAt },
      { name: 'commit', start: this.#beganAt, end, attributes },
    ]);
  }
}
