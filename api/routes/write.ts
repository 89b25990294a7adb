import { hash } from 'node:crypto';
import type { Change, WriteRequest } from '../../graph-data/index.ts';
import type { Reply, RouteRequest } from '../http/index.ts';
import { Problem, type ProblemCode, idempotencyKeySchema, positionHeader } from '../base/index.ts';
import type { Service } from '../service.ts';

/** Problems of every call that writes. */
export const writeProblems: readonly ProblemCode[] = ['conflict', 'overloaded', 'storage-unavailable'];

type Writer = Pick<Service, 'writes' | 'wallClock' | 'store'>;
type Client = Pick<RouteRequest<never, never, never>, 'context' | 'express' | 'response'>;

/** The results that a change of each kind can have. */
interface Results {
  readonly save: 'added' | 'present';
  readonly unsave: 'removed' | 'absent';
  readonly put: 'created' | 'replaced';
  readonly removePin: 'removed' | 'absent';
  readonly hideInterest: 'added' | 'present' | 'removed' | 'absent';
}

/** Makes all changes of a request or none, and returns their results once they are durable. */
export async function write<Made extends Change>(
  { writes, wallClock, store }: Writer,
  client: Client,
  changes: readonly Made[],
): Promise<readonly Results[Made['kind']][]> {
  const idempotency = idempotencyOf(client);
  const request = { changes, time: wallClock(), idempotency };
  const outcome = await writes.write(request, client.context.client);
  // The position is at or after that of this write.
  client.response.setHeader(positionHeader, String(store.position));
  if (outcome.state === 'done') return outcome.results as readonly Results[Made['kind']][];
  if (outcome.state === 'key-taken') {
    throw new Problem('conflict', 'this Idempotency-Key belongs to a different request: choose a new one');
  }
  if (outcome.state === 'consumed') throw new Error('a request that consumes no records was refused as such');
  const errors = outcome.refused.slice(0, 100).map(({ index, field, reason }) => ({
    pointer: `${Array.isArray(client.express.body) ? `/${index}` : ''}/${field}`,
    code: field.startsWith('vectors') ? 'other-model' : 'other-owner',
    detail: reason,
  }));
  const more = outcome.refused.length > 1 ? `; and ${outcome.refused.length - 1} more` : '';
  throw new Problem('conflict', `${errors[0]!.detail}${more}: nothing of this request was written`, errors);
}

/** Makes one change, and replies with its result. */
export async function writeOne<Made extends Change>(
  writer: Writer,
  client: Client,
  change: Made,
): Promise<Reply<{ readonly result: Results[Made['kind']] }>> {
  const [result] = await write(writer, client, [change]);
  return { body: { result: result! } };
}

/**
 * Stored as hashes, since keys that clients choose may identify people. An Idempotency-Key is valid for the API
 * key that sent it. Requests are compared by meaning, not by the order of fields or the encoding of the path.
 * The first part of the key sets these records apart from those of version 0.1, which compared the request as
 * it was written.
 */
function idempotencyOf({ context, express }: Client): WriteRequest['idempotency'] {
  const key = express.get('Idempotency-Key');
  if (key === undefined) return undefined;
  if (!idempotencyKeySchema.safeParse(key).success) {
    throw invalidIdempotencyKey('must be 1 to 255 visible ASCII characters');
  }
  return {
    key: hashed(['meaning', context.key?.id, key]),
    request: hashed([express.method, context.route?.path, express.params, express.body]),
  };
}

export function invalidIdempotencyKey(detail: string): Problem {
  const fault = { pointer: '/Idempotency-Key', code: 'invalid-format', detail };
  return new Problem('invalid-request', `Idempotency-Key: ${detail}`, [fault]);
}

function hashed(parts: readonly unknown[]): Uint8Array {
  return hash('sha256', JSON.stringify(parts, sortFields), 'buffer');
}

/** For `JSON.stringify`: objects with their fields in order of their names. */
function sortFields(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
