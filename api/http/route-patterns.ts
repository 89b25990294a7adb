import type { Route } from './route.ts';

/**
 * Finds the pattern of a path by which logs and metrics name a request that reached no route: a preflight, or a method that
 * the path does not support. Undefined if no route has the path.
 */
export function routePatterns(routes: readonly Pick<Route, 'path'>[]): (path: string) => string | undefined {
  const patterns = [...new Set(routes.map(({ path }) => path))].map((path) => {
    const source = path.replaceAll('.', String.raw`\.`).replaceAll(/\{\w+\}/g, '[^/]+');
    return { path, test: new RegExp(`^${source}/?$`, 'i') };
  });
  // Fixed paths first: otherwise "batch" would be read as the id of a recommendation.
  patterns.sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  return (path) => patterns.find(({ test }) => test.test(path))?.path;
}
