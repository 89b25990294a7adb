import type { RequestHandler } from 'express';
import { Problem, positionHeader } from '../base/index.ts';

/** The position up to which this server has all changes. */
interface ReachedPosition {
  readonly current: number;
  /** Resolves with whether a position is reached within these milliseconds. */
  readonly reached: (position: number, msMax: number, signal?: AbortSignal) => Promise<boolean>;
}

/**
 * Lets a read with a position wait until this server has reached it, so that clients read their own writes on
 * any server. The response states a position that it has reached. Throws `position-not-reached` after `msMax`
 * milliseconds.
 */
export function awaitPosition(applied: ReachedPosition, msMax: number): RequestHandler {
  return async (request, response, next) => {
    const given = request.get(positionHeader);
    if (given === undefined) {
      next();
      return;
    }
    if (!/^\d{1,15}$/.test(given)) {
      const detail = 'must be the number that a response had in this header';
      const fault = { pointer: `/${positionHeader}`, code: 'invalid-format', detail };
      throw new Problem('invalid-request', `${positionHeader}: ${detail}`, [fault]);
    }
    const disconnection = new AbortController();
    response.once('close', () => disconnection.abort());
    if (!(await applied.reached(Number(given), msMax, disconnection.signal))) {
      const detail = `this server has the changes up to ${applied.current}, not up to ${given}: try again, or another server`;
      throw new Problem('position-not-reached', detail, [], { 'Retry-After': '1' });
    }
    response.setHeader(positionHeader, String(applied.current));
    next();
  };
}
