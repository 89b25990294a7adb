import { setTimeout as pause } from 'node:timers/promises';
import type { AppliedLines, Database } from '../../../graph-data/index.ts';
import { messageOf } from '../../../graph-data/base/index.ts';
import { fetchChanges } from './change-client.ts';

/** The settings of a replica. */
export interface FollowOptions {
  /** Address of the server that takes writes. */
  readonly writer: string;
  /** Its API key, if it has keys. */
  readonly key?: string | undefined;
  /** Called once, when the log cannot be followed any more: the data must be fetched anew. */
  readonly onGone: (reason: string) => void;
}

interface FollowDeps extends FollowOptions {
  readonly database: Database;
  /** Applies lines in one transaction, and brings the graph up to date. */
  readonly apply: (lines: Uint8Array, changes: number) => Promise<AppliedLines>;
  /** Called after people were erased. */
  readonly onErased: (erased: AppliedLines) => void;
  readonly onFault: (fault: string) => void;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** Changes of a request: a response is applied in one transaction. */
const changesMax = 10_000;
/** How long the writer may wait for a change before it responds to an idle replica. */
const waitMs = 1_000;
/** A request that takes so much longer than its wait counts as lag. */
const graceMs = 500;
/** Requests begin at least so far apart: fifty a second, below the default rate limit of a key. */
const intervalMs = 20;
/** Between attempts while the writer does not respond: doubled up to the second. */
const [retryMsMin, retryMsMax] = [100, 2_000];

/**
 * Keeps a replica up to date with its writer: requests the changes after its position, applies them, and
 * requests again. Its position only grows, so the data that it serves never goes back.
 */
export class FollowLoop {
  readonly #deps: FollowDeps;
  readonly #selectState;
  readonly #stop = new AbortController();
  #ended: Promise<void> = Promise.resolve();
  #newest = 0;
  /** When the writer last had no changes beyond those applied here; undefined before that. */
  #caughtUpAt: number | undefined;
  /** The start of the present request for changes, if the last response had none. */
  #waitingSince: number | undefined;
  #fault: string | undefined;

  constructor(deps: FollowDeps) {
    this.#deps = deps;
    this.#selectState = deps.database.prepare<[], { position: number; mark: string | null }>(
      'SELECT source.position, mark FROM source LEFT JOIN events ON events.position = source.position',
    );
  }

  get writer(): string {
    return this.#deps.writer;
  }

  /** Milliseconds since this replica had all changes of its writer; 0 while it has them, Infinity before it first had. */
  get lagMs(): number {
    const now = this.#deps.now();
    if (this.#waitingSince !== undefined && now - this.#waitingSince <= waitMs + graceMs) return 0;
    return this.#caughtUpAt === undefined ? Infinity : now - this.#caughtUpAt;
  }

  /** Changes that the writer is known to have, and this replica has not. */
  get changesBehind(): number {
    return Math.max(0, this.#newest - this.#selectState.get()!.position);
  }

  start(): void {
    this.#ended = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { now, onFault } = this.#deps;
    let retryMs = retryMsMin;
    while (!this.#stop.signal.aborted) {
      const began = now();
      let isDone = false;
      try {
        const state = await this.#follow();
        if (state === 'gone') return;
        isDone = state === 'followed';
      } catch (error) {
        this.#report(`changes could not be applied: ${messageOf(error)}`);
      }
      this.#waitingSince = undefined;
      if (isDone) {
        if (this.#fault !== undefined) onFault('follows its writer again');
        this.#fault = undefined;
      }
      retryMs = isDone ? retryMsMin : Math.min(2 * retryMs, retryMsMax);
      const ms = isDone ? began + intervalMs - now() : retryMs;
      if (ms > 0) await pause(ms, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  async #follow(): Promise<'followed' | 'failed' | 'gone'> {
    const { writer, key, now, apply, onGone, onErased } = this.#deps;
    const { position, mark } = this.#selectState.get()!;
    const isCaughtUp = this.#caughtUpAt !== undefined && position >= this.#newest;
    if (isCaughtUp) this.#waitingSince = now();
    const query = { after: position, mark: mark ?? undefined, limit: changesMax, waitMs };
    const fetched = await fetchChanges(writer, key, query, this.#stop.signal);
    if (this.#stop.signal.aborted) return 'failed';
    if (fetched.state === 'failed') {
      this.#report(fetched.detail);
      return 'failed';
    }
    if (fetched.state === 'gone') {
      onGone(fetched.detail);
      return 'gone';
    }
    const at = now();
    this.#newest = fetched.newest;
    if (fetched.lines.length > 0) {
      // From here on, it is behind.
      this.#waitingSince = undefined;
      const applied = await apply(fetched.lines, fetched.upTo - position);
      if (applied.erased.users.length > 0) onErased(applied);
    }
    if (fetched.upTo >= fetched.newest) this.#caughtUpAt = at;
    return 'followed';
  }

  /** Once for each reason. */
  #report(fault: string): void {
    if (fault !== this.#fault) this.#deps.onFault(fault);
    this.#fault = fault;
  }
}
