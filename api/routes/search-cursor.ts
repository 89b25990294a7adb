import { Problem } from '../base/index.ts';

/** Hits that pages by cursor reach: a search ranks about a thousand. */
export const depthMax = 1_000;

/** A place in the hits of a search as an opaque string. */
export function writeSearchCursor(offset: number): string {
  return Buffer.from(`search.${offset}`).toString('base64url');
}

/** The hits before a cursor. Throws `invalid-request` when {@link writeSearchCursor} did not make it. */
export function readSearchCursor(cursor: string): number {
  const offset = Number(Buffer.from(cursor, 'base64url').toString().split('.')[1]);
  const isOffset = Number.isInteger(offset) && offset > 0 && offset <= depthMax;
  if (isOffset && writeSearchCursor(offset) === cursor) return offset;
  const detail = 'is not a cursor of a search: use nextCursor of the previous page';
  throw new Problem('invalid-request', `/cursor: ${detail}`, [
    { pointer: '/cursor', code: 'invalid-cursor', detail },
  ]);
}
