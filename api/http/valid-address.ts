import type { RequestHandler } from 'express';
import { Problem } from '../base/index.ts';

/**
 * Refuses a path or query string whose escaped bytes are not UTF-8: in a query string they would be replaced, and two ids
 * would become one. Node refuses bytes beyond ASCII that are not escaped.
 */
export const requireValidAddress: RequestHandler = ({ url }, _response, next) => {
  if (url.includes('%')) {
    for (const [escapes] of url.matchAll(/(?:%[\da-f]{2})+/gi)) {
      if (!isText(escapes)) {
        throw new Problem('invalid-request', 'path or query string is not percent-encoded UTF-8');
      }
    }
  }
  next();
};

function isText(escapes: string): boolean {
  try {
    decodeURIComponent(escapes);
    return true;
  } catch {
    return false;
  }
}
