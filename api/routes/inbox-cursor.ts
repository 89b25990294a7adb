import { createHash } from 'node:crypto';
import type { InboxPosition } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';

/** A position in the inbox of a person as an opaque string. Not secret; a checksum rejects other strings. */
export function writeInboxCursor(user: string, { sentAt, id }: InboxPosition): string {
  const sum = createHash('sha256')
    .update(JSON.stringify([user, sentAt, id]))
    .digest('hex')
    .slice(0, 8);
  return Buffer.from(`${sentAt}.${id}.${sum}`).toString('base64url');
}

/** The position of a cursor. Throws `invalid-request` when {@link writeInboxCursor} did not make it for this inbox. */
export function readInboxCursor(user: string, cursor: string): InboxPosition {
  const [sentAt, id = ''] = Buffer.from(cursor, 'base64url').toString().split('.');
  const position = { sentAt: Number(sentAt), id };
  if (writeInboxCursor(user, position) === cursor) return position;
  const detail = 'is not a cursor of this inbox: use nextCursor of the previous page';
  throw new Problem('invalid-request', `/cursor: ${detail}`, [
    { pointer: '/cursor', code: 'invalid-cursor', detail },
  ]);
}
