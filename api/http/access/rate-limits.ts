import type { Request, RequestHandler, Response } from 'express';
import { type Store, ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { Problem } from '../../base/index.ts';

export interface RateLimitOptions {
  /** Calls a minute; asked at each request, 0 for no limit. */
  readonly limit: () => number;
  /** Whose calls are counted together. */
  readonly countedBy: (request: Request, response: Response) => string;
  readonly detail: string;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

const windowMs = 60_000;
/** Clients that are counted at once: some 20 MB. Beyond them the least recent is forgotten. */
const clientsMax = 100_000;
/** What one customer of a provider usually gets. */
const ipv6PrefixBits = 64;

/** Passes so many requests a minute of each client on, and answers the others with `rate-limited`. */
export function limitRate({ limit, countedBy, detail, now }: RateLimitOptions): RequestHandler {
  const windows = new Windows(now);
  return rateLimit({
    windowMs,
    limit,
    skip: () => limit() === 0,
    keyGenerator: countedBy,
    store: windows,
    legacyHeaders: false,
    // These look for mistakes in the options, and would tell them on the console.
    validate: false,
    handler: (request, response, next) => {
      const retryAfter = String(windows.secondsLeft(countedBy(request, response)));
      next(new Problem('rate-limited', detail, [], { 'Retry-After': retryAfter }));
    },
  });
}

/** The address that a request comes from; of IPv6 the network, as one client has all addresses of it. */
export function addressOf(request: Request): string {
  return `address ${ipKeyGenerator(request.ip ?? '', ipv6PrefixBits)}`;
}

interface Window {
  calls: number;
  readonly endsAt: number;
}

/** Calls by client in windows of a minute, each from its first call. The library's own store is not bounded. */
class Windows implements Store {
  readonly localKeys = true;
  readonly #windows = new LRUCache<string, Window>({ max: clientsMax });
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  increment(client: string): { totalHits: number; resetTime: undefined } {
    let window = this.#windows.get(client);
    if (window === undefined || window.endsAt <= this.#now()) {
      window = { calls: 0, endsAt: this.#now() + windowMs };
      this.#windows.set(client, window);
    }
    window.calls++;
    return { totalHits: window.calls, resetTime: undefined };
  }

  decrement(client: string): void {
    const window = this.#windows.get(client);
    if (window !== undefined) window.calls--;
  }

  resetKey(client: string): void {
    this.#windows.delete(client);
  }

  /** At least 1. */
  secondsLeft(client: string): number {
    const endsAt = this.#windows.peek(client)?.endsAt ?? 0;
    return Math.max(1, Math.ceil((endsAt - this.#now()) / 1000));
  }
}
