import type { Request, RequestHandler } from 'express';
import type { KeyRow, KeyScope, Store } from '../../../graph-data/index.ts';
import { contextOf } from '../context.ts';
import type { Route } from '../route.ts';
import { Problem } from '../../base/index.ts';
import { originsOf } from './cors.ts';
import { KeyRing } from './key-ring.ts';
import { isLoopback, isLoopbackAuthority } from './loopback.ts';
import { addressOf, limitRate } from './rate-limits.ts';

const scopeRanks: Readonly<Record<KeyScope, number>> = { read: 1, write: 2, admin: 3 };
const rateLimitDefault = 6_000;
const failuresPerMinute = 20;

/** Creates the middleware that checks key, scope and rate of a call before its body is read. */
export function createGuard({
  store,
  settings: { host, rateLimitPerMinute, corsOrigins },
  now,
}: {
  readonly store: Store;
  readonly settings: {
    /** As long as there are no keys, a loopback host needs none. */
    readonly host: string;
    /** Calls per minute of each key, and of each address without one; 0 for no limit. Default: 6000 once there are keys. */
    readonly rateLimitPerMinute?: number | undefined;
    /** Origins whose pages may call a server without keys; `*` among them lets in none. */
    readonly corsOrigins?: string | undefined;
  };
  /** Milliseconds that never go back. */
  readonly now: () => number;
}): (route: Route) => RequestHandler {
  const ring = new KeyRing(store.database, now);
  const isLocal = isLoopback(host);
  const allowed = new Set(originsOf(corsOrigins));
  const limitCalls = limitRate({
    limit: () => rateLimitPerMinute ?? (ring.isEmpty ? 0 : rateLimitDefault),
    countedBy: (_request, response) => contextOf(response).client ?? '',
    detail: 'too many requests per minute',
    now,
  });
  // Counts failures only: behind a proxy all clients share one address, and valid keys must pass.
  const limitFailures = limitRate({
    limit: () => failuresPerMinute,
    countedBy: addressOf,
    detail: 'too many requests per minute without a valid key from this address',
    now,
  });
  return ({ scope }) => {
    if (scope === 'open') return (_request, _response, next) => next();
    return (request, response, next) => {
      const token = bearerOf(request);
      const key = token === undefined ? undefined : ring.find(token);
      if (key !== undefined) {
        assertScope(key, scope);
        contextOf(response).key = key;
      } else if (isLocal && ring.isEmpty) {
        assertFromThisMachine(request, allowed);
      } else {
        const refusal = unauthorized(request);
        limitFailures(request, response, (error?: unknown) => next(error ?? refusal));
        return;
      }
      contextOf(response).client = key === undefined ? addressOf(request) : `key ${key.id}`;
      limitCalls(request, response, next);
    };
  };
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
  const detail = `this call needs a key of scope ${scope}; this key has ${key.scope}`;
  throw new Problem('insufficient-scope', detail, [], headers);
}

/**
 * Any web page can make a browser on this machine send requests here: under its own name, resolved to 127.0.0.1 (DNS
 * rebinding), which the Host header reveals; with a form or a fetch, which the Origin header reveals; as an image, a link
 * or a fetch without CORS, which have no Origin, but the Sec-Fetch-Site of every browser since 2023. A page of an allowed
 * origin names it in the Origin header, which no page can forge.
 */
function assertFromThisMachine(
  { headers: { host, origin, 'sec-fetch-site': site = 'none' } }: Request,
  allowed: ReadonlySet<string>,
): void {
  if (!isLoopbackAuthority(host ?? '')) {
    throw new Problem(
      'insufficient-scope',
      'without API keys, the Host header must be localhost, 127.0.0.1 or [::1]; pinwalk keys create creates a key',
    );
  }
  if (origin !== undefined && allowed.has(origin)) return;
  const isFromHere =
    (site === 'none' || site === 'same-origin') &&
    (origin === undefined || isLoopbackAuthority(origin.replace(/^https?:\/\//, '')));
  if (!isFromHere) {
    throw new Problem(
      'insufficient-scope',
      'without API keys, only pages of this server and of origins named in corsOrigins may send requests; pinwalk keys create creates a key',
    );
  }
}
