import type { Request, RequestHandler, Response } from 'express';
import { type Store, ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import { Problem } from '../../base/index.ts';

interface RateLimitOptions {
  /** Calls per minute, read at each request; 0 for no limit. */
  readonly limit: () => number;
  /** The client that the call counts for. */
  readonly countedBy: (request: Request, response: Response) => string;
  readonly detail: string;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

const windowMs = 60_000;
/** Clients counted at the same time, about 20 MB; beyond that the least recent is dropped. */
const clientsMax = 100_000;
/** The network that a provider commonly assigns to one customer. */
const ipv6PrefixBits = 64;

/** Lets this many requests per minute and client pass, and refuses the others with `rate-limited`. */
export function limitRate({ limit, countedBy, detail, now }: RateLimitOptions): RequestHandler {
  const windows = new Windows(now);
  return rateLimit({
    windowMs,
    limit,
    skip: () => limit() === 0,
    keyGenerator: countedBy,
    store: windows,
    legacyHeaders: false,
    // Checks of the options, which would print to the console.
    validate: false,
    handler: (request, response, next) => {
      const retryAfter = String(windows.secondsLeft(countedBy(request, response)));
      next(new Problem('rate-limited', detail, [], { 'Retry-After': retryAfter }));
    },
  });
}

/** The address of the client; for IPv6 its network, since one client has all addresses of it. */
export function addressOf(request: Request): string {
  return `address ${ipKeyGenerator(request.ip ?? '', ipv6PrefixBits)}`;
}

interface Window {
  calls: number;
  readonly endsAt: number;
}

/** Calls by client, in windows of a minute from its first call. The library's own store is unbounded. */
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
