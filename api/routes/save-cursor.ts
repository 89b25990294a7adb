import { createHash } from 'node:crypto';
import type { NodeKind } from '../../engine/index.ts';
import type { SavePosition } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';

/** A position in the list of a node's saves as an opaque string. Not secret; a checksum rejects other strings. */
export function writeCursor(kind: NodeKind, node: number, { board, pin }: SavePosition): string {
  const text = `${kind}.${node}.${board}.${pin}`;
  const sum = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return Buffer.from(`${text}.${sum}`).toString('base64url');
}

/** The position of a cursor. Throws `invalid-request` when {@link writeCursor} did not make it for this list. */
export function readCursor(kind: NodeKind, node: number, cursor: string): SavePosition {
  const [, , board, pin] = Buffer.from(cursor, 'base64url').toString().split('.');
  const position = { board: Number(board), pin: Number(pin) };
  if (writeCursor(kind, node, position) === cursor) return position;
  const detail = 'is not a cursor of this list: use nextCursor of the previous page';
  throw new Problem('invalid-request', `/cursor: ${detail}`, [
    { pointer: '/cursor', code: 'invalid-cursor', detail },
  ]);
}
