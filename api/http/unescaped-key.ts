import type { Route } from './route.ts';

/**
 * The path as it would be with an escaped key, when all that keeps `path` from being one of the routes is a `/` within a
 * key, as in `/v1/pins/@types/node/related`.
 */
export function withEscapedKey(routes: readonly Route[], path: string): string | undefined {
  if (!path.startsWith('/v1/')) return undefined;
  const matches = routes.flatMap((route) => {
    const [before, after, ...more] = route.path.split(/\{\w+\}/);
    if (after === undefined || more.length > 0 || !path.startsWith(before!) || !path.endsWith(after))
      return [];
    const key = path.slice(before!.length, path.length - after.length);
    return /^[^/].*\/.*[^/]$/.test(key) ? [{ before, key, after }] : [];
  });
  // `/v1/pins/a/b/related` are the pins related to `a/b`, not the pin `a/b/related`.
  const [best] = matches.toSorted((a, b) => a.key.length - b.key.length);
  return best && `${best.before}${best.key.replaceAll('/', '%2F')}${best.after}`;
}
