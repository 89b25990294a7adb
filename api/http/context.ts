import type { Response } from 'express';
import type { KeyRow } from '../../graph-data/index.ts';

/** Facts about a request that the server adds to those from the client; they become the log line. */
export interface RequestContext {
  requestId: string;
  /** The route by its pattern; absent when none matches. */
  route?: { readonly path: string };
  /** The valid API key of the request. */
  key?: KeyRow;
  /** Who shares limits and turns: the key, or the address of a request without one. */
  client?: string;
  /**
   * Counts another call of the client's rate limit, for a request that does the work of several. Returns 0, or the
   * milliseconds until there are calls left, and counts nothing. Absent on open calls.
   */
  countCall?: () => number;
  /** Present on a replica: the problem that redirects the request to the writer, which has the data. */
  toWriter?: (why: string) => Error;
  /** Runs its handler as a part of its trace; absent if there is none. */
  within?: <Result>(work: () => Result) => Result;
  /** The code of the problem that was sent. */
  problem?: string;
  /** The cost of its walks. */
  walked?: object;
  isStreamed?: boolean;
  /** Present once a large body or response of the request counts against the memory of the server. */
  counted?: CountedRequest;
}

/** A request whose body or response is counted, until it has ended for its client and for the server. */
export interface CountedRequest {
  readonly client: string;
  bytes: number;
  /** Ends the request when bytes are short; undefined while it is being answered. */
  giveUp: (() => void) | undefined;
  /** Frees the pieces of the body that have arrived: once it is complete, or has no reader any more. */
  dropChunks: () => void;
  /** Its connection, and its handler. */
  holders: number;
  readonly leave: () => void;
}

export function contextOf(response: Response): RequestContext {
  return response.locals as RequestContext;
}
