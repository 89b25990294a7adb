import cors from 'cors';
import type { RequestHandler } from 'express';
import { positionHeader } from '../../base/index.ts';

/** What `*` among the origins stands for. */
const anyOrigin = '*';
/** Seconds for which a browser need not repeat a preflight. Chromium caps it at 7,200. */
const preflightSeconds = 7_200;

/**
 * Lets pages of these origins call the API from a browser. Cookies are never allowed: a page sends its key in
 * `Authorization`. Answers preflights itself, before access control, since a browser sends no key with them. Where
 * origins are named, every response has `Vary: Origin`.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  return cors({
    origin: origins.includes(anyOrigin) ? anyOrigin : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'X-Request-Id', positionHeader],
    exposedHeaders: [
      'X-Request-Id',
      positionHeader,
      'Location',
      'Retry-After',
      'RateLimit',
      'RateLimit-Policy',
      'WWW-Authenticate',
    ],
    maxAge: preflightSeconds,
    optionsSuccessStatus: 204,
  });
}

/** The origins of the setting: separated by commas. */
export function originsOf(setting: string | undefined): string[] {
  return setting?.split(',').map((each) => each.trim()) ?? [];
}
