import { z } from 'zod';
import type { Immutable } from './immutable.ts';

/** Every problem that the API can respond with, by code: a closed list, documented in docs/problems.md. */
export const problemTypes = {
  'other-server': { status: 307, title: 'Another server takes this request' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'missing-key': { status: 401, title: 'The call needs an API key' },
  'invalid-key': { status: 401, title: 'The API key is not valid' },
  'insufficient-scope': { status: 403, title: 'The call is not allowed' },
  'unknown-pin': { status: 404, title: 'No such pin' },
  'unknown-board': { status: 404, title: 'No such board' },
  'unknown-user': { status: 404, title: 'No such user' },
  'unknown-recommendation': { status: 404, title: 'No such recommendation, or it has expired' },
  'unknown-snapshot': { status: 404, title: 'No such snapshot' },
  'unknown-model': { status: 404, title: 'No such model' },
  'unknown-interest': { status: 404, title: 'No such interest' },
  'unknown-experiment': { status: 404, title: 'No such experiment' },
  'unknown-campaign': { status: 404, title: 'No such campaign' },
  'unknown-link': { status: 404, title: 'No such link' },
  'unknown-job': { status: 404, title: 'No such job' },
  'unknown-route': { status: 404, title: 'No such route' },
  'method-not-allowed': { status: 405, title: 'The route does not support this method' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The request conflicts with the current state' },
  'position-gone': { status: 410, title: 'The change log cannot be followed from this position' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The media type of the body is not supported' },
  'invalid-filter': { status: 422, title: 'The filter is not valid' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Internal error' },
  'graph-not-ready': { status: 503, title: 'The graph is not ready' },
  'model-not-ready': { status: 503, title: 'The model is not ready' },
  'replica-behind': { status: 503, title: 'The replica is behind' },
  'topics-behind': { status: 503, title: 'The server is behind its topics' },
  'position-not-reached': { status: 503, title: 'The position was not reached in time' },
  overloaded: { status: 503, title: 'The server is overloaded' },
  'storage-unavailable': { status: 503, title: 'The storage cannot be used' },
} as const;

export type ProblemCode = keyof typeof problemTypes;

const requestFault = z.strictObject({
  pointer: z.string().describe('A JSON Pointer (RFC 6901) into the body or the query string'),
  code: z.string(),
  detail: z.string(),
});

/** The body of an error response (RFC 9457). */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(problemTypes) as ProblemCode[]),
    detail: z.string(),
    instance: z.string(),
    requestId: z.string(),
    errors: z.array(requestFault),
  })
  .meta({ id: 'Problem' });

/** One fault of a request: where and what. */
export type RequestFault = Immutable<z.output<typeof requestFault>>;
type ProblemBody = Immutable<z.output<typeof problemSchema>>;

/** Thrown inside a route, sent as application/problem+json. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly errors: readonly RequestFault[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    errors: readonly RequestFault[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }

  body(instance: string, requestId: string): ProblemBody {
    const { status, title } = problemTypes[this.code];
    return {
      type: `urn:pinwalk:problem:${this.code}`,
      title,
      status,
      code: this.code,
      detail: this.message,
      instance,
      requestId,
      errors: this.errors,
    };
  }
}
