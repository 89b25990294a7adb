import type { Request, RequestHandler, Response } from 'express';
import { type Store, ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { MinuteWindows, Problem } from '../../base/index.ts';
import { contextOf } from '../context.ts';

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
/** The network that a provider commonly assigns to one customer. */
const ipv6PrefixBits = 64;

/**
 * Admits this many requests per minute and client, and refuses the others with `rate-limited`. An admitted
 * request may count more than once ({@link RequestContext.countCall}).
 */
export function limitRate({ limit, countedBy, detail, now }: RateLimitOptions): RequestHandler {
  const windows = new Windows(now);
  const limiter = rateLimit({
    windowMs,
    limit,
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
  return (request, response, next) => {
    const client = countedBy(request, response);
    contextOf(response).countCall = () => {
      if (limit() === 0 || windows.usedBy(client) < limit()) {
        windows.add(client, 1);
        return 0;
      }
      return 1000 * windows.secondsLeft(client);
    };
    // The library would await twice, for nothing.
    if (limit() === 0) next();
    else void limiter(request, response, next);
  };
}

/** The address of the client; for IPv6 its network, since one client has all addresses of a network. */
export function addressOf(request: Request): string {
  const { ip = '' } = request;
  // The library tests every address by a regular expression of a thousand characters.
  return `address ${ip.includes(':') ? ipKeyGenerator(ip, ipv6PrefixBits) : ip}`;
}

/** Calls by client. The library's own store is unbounded. */
class Windows extends MinuteWindows implements Store {
  readonly localKeys = true;

  increment(client: string): { totalHits: number; resetTime: undefined } {
    return { totalHits: this.add(client, 1), resetTime: undefined };
  }

  decrement(client: string): void {
    this.add(client, -1);
  }

  resetKey(client: string): void {
    this.forget(client);
  }
}
