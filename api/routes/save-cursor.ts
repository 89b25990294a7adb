import { createHash } from 'node:crypto';
import type { SavePlace, Side } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';

/** A position in the list of a node's saves as an opaque string. Not secret; a checksum rejects other strings. */
export function writeCursor(side: Side, node: number, { board, pin }: SavePlace): string {
  const place = `${side}.${node}.${board}.${pin}`;
  const sum = createHash('sha256').update(place).digest('hex').slice(0, 8);
  return Buffer.from(`${place}.${sum}`).toString('base64url');
}

/** The position of a cursor. Throws `invalid-request` when {@link writeCursor} did not make it for this list. */
export function readCursor(side: Side, node: number, cursor: string): SavePlace {
  const [, , board, pin] = Buffer.from(cursor, 'base64url').toString().split('.');
  const place = { board: Number(board), pin: Number(pin) };
  if (writeCursor(side, node, place) === cursor) return place;
  const detail = 'is not a cursor of this list: use nextCursor of the previous page';
  throw new Problem('invalid-request', `/cursor: ${detail}`, [
    { pointer: '/cursor', code: 'invalid-cursor', detail },
  ]);
}
