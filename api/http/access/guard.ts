import type { Request, RequestHandler, Response } from 'express';
import type { KeyRow, KeyScope, Store } from '../../../graph-data/index.ts';
import type { Route } from '../route.ts';
import { Problem } from '../../base/index.ts';
import { KeyRing } from './key-ring.ts';
import { isLoopback, isLoopbackAuthority } from './loopback.ts';
import { addressOf, limitRate } from './rate-limits.ts';

const scopeRanks: Readonly<Record<KeyScope, number>> = { read: 1, write: 2, admin: 3 };
const rateLimitDefault = 6_000;
const failuresPerMinute = 20;

/** Makes what refuses, before a request's body is read, calls that its key is not for or that are too many. */
export function createGuard({
  store,
  settings: { host, rateLimitPerMinute },
  now,
}: {
  readonly store: Store;
  readonly settings: {
    /** While there are no keys, calls need none if only this machine can reach the server. */
    readonly host: string;
    /** Calls per minute of each key, and of each address without one; 0 for no limit. Default: 6000 once there are keys. */
    readonly rateLimitPerMinute?: number | undefined;
  };
  /** Milliseconds, never going back. */
  readonly now: () => number;
}): (route: Route) => RequestHandler {
  const ring = new KeyRing(store.database, now);
  const isLocal = isLoopback(host);
  const limitCalls = limitRate({
    limit: () => rateLimitPerMinute ?? (ring.isEmpty ? 0 : rateLimitDefault),
    countedBy: (request, response) => {
      const key = keyOf(response);
      return key === undefined ? addressOf(request) : `key ${key.id}`;
    },
    detail: 'too many requests in a minute',
    now,
  });
  // Counts only what fails: behind a proxy all clients have one address, and those with a right key must get through.
  const limitFailures = limitRate({
    limit: () => failuresPerMinute,
    countedBy: addressOf,
    detail: 'too many requests without a valid key from this address in a minute',
    now,
  });
  return ({ scope }) => {
    if (scope === 'open') return (_request, _response, next) => next();
    return (request, response, next) => {
      const given = bearerOf(request);
      const key = given === undefined ? undefined : ring.find(given);
      if (key !== undefined) {
        assertScope(key, scope);
        response.locals['key'] = key;
      } else if (isLocal && ring.isEmpty) {
        assertFromThisMachine(request);
      } else {
        const refusal = unauthorized(request);
        limitFailures(request, response, (error?: unknown) => next(error ?? refusal));
        return;
      }
      limitCalls(request, response, next);
    };
  };
}

/** The valid key that a request came with. */
export function keyOf(response: Response): KeyRow | undefined {
  return response.locals['key'] as KeyRow | undefined;
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}

function unauthorized(request: Request): Problem {
  if (request.headers.authorization === undefined) {
    const headers = { 'WWW-Authenticate': 'Bearer realm="pinwalk"' };
    return new Problem('missing-key', 'send a key as Authorization: Bearer KEY', [], headers);
  }
  const headers = { 'WWW-Authenticate': 'Bearer realm="pinwalk", error="invalid_token"' };
  return new Problem('invalid-key', 'the key is unknown or revoked', [], headers);
}

function assertScope(key: KeyRow, scope: KeyScope): void {
  if (scopeRanks[key.scope] >= scopeRanks[scope]) return;
  const headers = {
    'WWW-Authenticate': `Bearer realm="pinwalk", error="insufficient_scope", scope="${scope}"`,
  };
  const detail = `this call needs a key of scope ${scope}, and this one has ${key.scope}`;
  throw new Problem('insufficient-scope', detail, [], headers);
}

/**
 * A web page of anywhere can make a browser on this machine ask us: under a name of its own that it resolves to
 * 127.0.0.1 (DNS rebinding), which the Host header shows, or by a form, which the Origin header shows.
 */
function assertFromThisMachine({ headers: { host, origin } }: Request): void {
  if (!isLoopbackAuthority(host ?? '')) {
    throw new Problem(
      'insufficient-scope',
      'while there are no keys, the Host header has to be localhost, 127.0.0.1 or [::1]; pinwalk keys create makes a key',
    );
  }
  if (origin !== undefined && !isLoopbackAuthority(origin.replace(/^https?:\/\//, ''))) {
    throw new Problem(
      'insufficient-scope',
      'while there are no keys, only pages of this machine may ask; pinwalk keys create makes a key',
    );
  }
}
