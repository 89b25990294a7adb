import { LRUCache } from 'lru-cache';

const windowMs = 60_000;
/** Clients counted at the same time, about 20 MB; beyond that the least recent is dropped. */
const clientsMax = 100_000;

interface Window {
  used: number;
  readonly endsAt: number;
}

/** What clients have used, each in windows of a minute from its first use. */
export class MinuteWindows {
  readonly #windows = new LRUCache<string, Window>({ max: clientsMax });
  readonly #now: () => number;

  /** `now`: milliseconds, never going back. */
  constructor(now: () => number) {
    this.#now = now;
  }

  usedBy(client: string): number {
    return this.#current(client)?.used ?? 0;
  }

  /** Returns what the client has used now. */
  add(client: string, amount: number): number {
    const window = this.#current(client);
    if (window !== undefined) return (window.used += amount);
    this.#windows.set(client, { used: amount, endsAt: this.#now() + windowMs });
    return amount;
  }

  forget(client: string): void {
    this.#windows.delete(client);
  }

  /** Seconds until the window of a client ends: at least 1. */
  secondsLeft(client: string): number {
    const endsAt = this.#windows.peek(client)?.endsAt ?? 0;
    return Math.max(1, Math.ceil((endsAt - this.#now()) / 1000));
  }

  #current(client: string): Window | undefined {
    const window = this.#windows.get(client);
    return window !== undefined && window.endsAt > this.#now() ? window : undefined;
  }
}
