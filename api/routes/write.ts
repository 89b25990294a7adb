import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Change, ChangeResult, WriteRequest } from '../../graph-data/index.ts';
import { keyOf } from '../http/access/index.ts';
import { Problem, type ProblemCode } from '../base/index.ts';
import type { Service } from '../service.ts';

/** Problems that every writing call can be answered with. */
export const writeProblems: readonly ProblemCode[] = ['conflict', 'overloaded', 'storage-unavailable'];

interface Asked {
  readonly express: Request;
  readonly response: Response;
}

/** Makes the changes of one request, all or none, and gives their results once they are durable. */
export async function write(
  { writes, wallClock }: Pick<Service, 'writes' | 'wallClock'>,
  { express, response }: Asked,
  changes: readonly Change[],
): Promise<readonly ChangeResult[]> {
  const idempotency = idempotencyOf(express, response);
  const outcome = await writes.write({ changes, time: wallClock(), idempotency });
  if (outcome.state === 'key-taken') {
    throw new Problem('conflict', 'this Idempotency-Key came with another request before: take a new one');
  }
  if (outcome.state === 'done') return outcome.results as readonly ChangeResult[];
  const errors = outcome.refused.slice(0, 100).map(({ index, field, reason }) => ({
    pointer: `${Array.isArray(express.body) ? `/${index}` : ''}/${field}`,
    code: 'other-owner',
    detail: reason,
  }));
  const more = outcome.refused.length > 1 ? `; and ${outcome.refused.length - 1} more` : '';
  throw new Problem('conflict', `${errors[0]!.detail}${more}: nothing of this request was written`, errors);
}

/** Key and request hashed: what clients make up for keys may tell of people. A key counts for whoever sent it. */
function idempotencyOf(express: Request, response: Response): WriteRequest['idempotency'] {
  const given = express.get('Idempotency-Key');
  if (given === undefined) return undefined;
  assertIdempotencyKey(given);
  return {
    key: hashed([keyOf(response)?.id, given]),
    request: hashed([express.method, express.path, express.body]),
  };
}

function hashed(parts: readonly unknown[]): Uint8Array {
  return hash('sha256', JSON.stringify(parts), 'buffer');
}

function assertIdempotencyKey(given: string): void {
  if (/^[\x21-\x7e]{1,255}$/.test(given)) return;
  const detail = 'has to be 1 to 255 visible ASCII characters';
  throw new Problem('invalid-request', `Idempotency-Key: ${detail}`, [
    { pointer: '/Idempotency-Key', code: 'invalid-format', detail },
  ]);
}
