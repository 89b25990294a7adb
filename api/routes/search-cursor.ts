import { Problem } from '../base/index.ts';

/** Hits that pages by cursor reach: a search ranks about a thousand. */
export const depthMax = 1_000;

/** A place in the hits of a search as an opaque string. `promoted`: promoted pins before it, beside the hits. */
export function writeSearchCursor({ offset, promoted }: SearchPlace): string {
  const parts = promoted === 0 ? [offset] : [offset, promoted];
  return Buffer.from(['search', ...parts].join('.')).toString('base64url');
}

/** Hits, and promoted pins, of the pages before. */
interface SearchPlace {
  readonly offset: number;
  readonly promoted: number;
}

/** The place of a cursor. Throws `invalid-request` when {@link writeSearchCursor} did not make it. */
export function readSearchCursor(cursor: string): SearchPlace {
  const [offset = NaN, promoted = 0] = Buffer.from(cursor, 'base64url')
    .toString()
    .split('.')
    .slice(1)
    .map(Number);
  const isPlace = [offset, promoted].every((each) => Number.isInteger(each) && each >= 0 && each <= depthMax);
  if (isPlace && offset > 0 && writeSearchCursor({ offset, promoted }) === cursor)
    return { offset, promoted };
  const detail = 'is not a cursor of a search: use nextCursor of the previous page';
  throw new Problem('invalid-request', `/cursor: ${detail}`, [
    { pointer: '/cursor', code: 'invalid-cursor', detail },
  ]);
}
