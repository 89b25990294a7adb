import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import {
  type Immutable,
  type JsonBytes,
  JsonParts,
  Problem,
  type ProblemCode,
  type Turns,
  validate,
  validator,
} from '../base/index.ts';
import { type RequestContext, contextOf } from './context.ts';
import { type BodyBytes, parseJsonBodies, readJsonBodies } from './json-body.ts';
import { type RequestBytes, isLarge } from './request-bytes.ts';
import { joined, sendParts, sliceBytesMax } from './send-parts.ts';

/** The rights of a key; each scope includes those before it. `open` calls need no key. */
type Scope = 'open' | 'read' | 'write' | 'admin';

/** A response body by its schema; text where there is none. */
export type BodyOf<Schema extends z.ZodType | undefined> = Schema extends z.ZodType
  ? Immutable<z.output<Schema>>
  : string;

/** The result of a handler. */
export interface Reply<Body> {
  /** Default: the route's own. */
  readonly status?: number;
  /** Bytes are a text that was encoded once. */
  readonly body: Body | JsonBytes<Body> | JsonParts<Body> | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Returned by a handler that has written its response itself. */
export const alreadySent = { isSent: true } as const;

type Handler<Given, Body> = (request: Given) => HandlerResult<Body> | Promise<HandlerResult<Body>>;
type HandlerResult<Body> = Reply<Body> | typeof alreadySent;

/** A validated request. */
export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly context: RequestContext;
  /** Aborted when the client disconnects. */
  readonly signal: AbortSignal;
  readonly express: Request;
  readonly response: Response;
}

/**
 * Everything about one call of the API: the server, the OpenAPI document, the metrics and the contract test read nothing
 * else.
 */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** As in OpenAPI: `/v1/pins/{pin}/related`. */
  readonly path: string;
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope;
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body?: z.ZodType;
  /**
   * The result of the schema for a body, if that is certain at first sight: the schema takes ten times as long.
   */
  readonly plainBody?: (body: unknown) => unknown;
  /** Whether the handler gets the bytes of the body, to have another thread check it: checking a long list holds the event loop. */
  readonly takesBytes?: boolean;
  /** A second format of the body, which its handler reads piece by piece from `express`. */
  readonly stream?: {
    /** Its media type. */
    readonly type: string;
    readonly description: string;
    readonly handle: Handler<RouteRequest<never, never, undefined>, unknown>;
  };
  /** Whether a replica lacks the data of the call. Default: true, unless the call is a GET, or its scope `read` or `open`. */
  readonly needsWriter?: boolean;
  /** Whether the call honours the header Idempotency-Key, which its handler reads. */
  readonly takesIdempotencyKey?: boolean;
  readonly response: {
    readonly status: number;
    readonly description: string;
    /** Absent where the body is not JSON: `type` is its media type. */
    readonly schema?: z.ZodType;
    readonly type?: string;
  };
  /** Problems of this call, in addition to those of every route. */
  readonly problems: readonly ProblemCode[];
  readonly handle: Handler<RouteRequest<never, never, never>, unknown>;
}

type Output<Schema> = Schema extends z.ZodType<infer Value> ? Value : undefined;

interface TypedRoute<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType | undefined,
  Schema extends z.ZodType | undefined,
  Bytes extends boolean,
> extends Omit<
  Route,
  'params' | 'query' | 'body' | 'plainBody' | 'takesBytes' | 'stream' | 'response' | 'handle'
> {
  readonly params: Params;
  readonly query: Query;
  readonly body?: Body;
  readonly plainBody?: (body: unknown) => Immutable<Output<Body>> | undefined;
  readonly takesBytes?: Bytes;
  readonly stream?: Omit<NonNullable<Route['stream']>, 'handle'> & {
    readonly handle: Handler<RouteRequest<never, never, undefined>, BodyOf<Schema>>;
  };
  readonly response: Omit<Route['response'], 'schema'> & { readonly schema?: Schema };
  readonly handle: Handler<
    RouteRequest<z.output<Params>, z.output<Query>, Bytes extends true ? BodyBytes : Output<Body>>,
    BodyOf<Schema>
  >;
}

/** A route whose handler takes and returns what its schemas say. */
export function defineRoute<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType | undefined = undefined,
  Schema extends z.ZodType | undefined = undefined,
  Bytes extends boolean = false,
>(route: TypedRoute<Params, Query, Body, Schema, Bytes>): Route {
  return route as unknown as Route;
}

/**
 * Registers routes with an app. Every path responds 405 to other methods. `fail` responds to errors that a
 * handler throws: Express would compare the path with all routes that follow before it calls an error handler.
 */
export function registerRoutes(
  app: Express,
  routes: readonly Route[],
  guards: (route: Route) => readonly RequestHandler[],
  bytes: RequestBytes,
  turns: Turns,
  fail: ErrorRequestHandler,
): void {
  const parseJson = parseJsonBodies(bytes.bodyBytesMax, turns);
  const readJson = readJsonBodies(bytes.bodyBytesMax);
  for (const path of new Set(routes.map((route) => route.path))) {
    const chain = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    const own = routes.filter((route) => route.path === path);
    for (const route of own) {
      const count: RequestHandler = (request, response, next) => {
        if (isStream(route, request)) next();
        else bytes.countBody(request, response, next);
      };
      const read = route.takesBytes === true ? readJson : parseJson;
      const parsers = route.body === undefined ? [] : [requireType(route), count, ...read];
      chain[route.method](
        mark(route),
        ...guards(route),
        ...parsers,
        failing(respond(route, bytes, turns), fail),
      );
    }
    const allow = own
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    chain.all((request) => {
      throw new Problem('method-not-allowed', `${request.path} supports ${allow}`, [], { Allow: allow });
    });
  }
}

function failing(
  handle: (request: Request, response: Response) => Promise<void>,
  fail: ErrorRequestHandler,
): RequestHandler {
  return async (request, response, next) => {
    try {
      await handle(request, response);
    } catch (error) {
      fail(error, request, response, next);
    }
  };
}

function respond(
  route: Route,
  bytes: RequestBytes,
  turns: Turns,
): (request: Request, response: Response) => Promise<void> {
  const queryOf = validator(route.query);
  return async (request, response) => {
    const disconnection = new AbortController();
    // The client may have disconnected while its body was read: then no event follows.
    if (response.destroyed) disconnection.abort();
    response.once('close', () => {
      if (!response.writableFinished) disconnection.abort();
    });
    const isStreamed = isStream(route, request);
    const context = contextOf(response);
    // Streams are exempt from the time limit of other requests: see http/server.ts.
    context.isStreamed = isStreamed;
    const handle = isStreamed ? route.stream!.handle : route.handle;
    const hasBody = route.body !== undefined && !isStreamed;
    const checked = {
      params: validate(route.params, request.params),
      query: queryOf(request.query),
      body: hasBody ? checkedBody(route, route.body, request.body) : undefined,
      context,
      signal: disconnection.signal,
      express: request,
      response,
    };
    const run = () => handle(checked as RouteRequest<never, never, never>);
    const reply = await bytes.during(response, async () => {
      // What follows takes as long again: other threads get a copy of the request.
      if (hasBody && isLarge(response)) await turns.next();
      return context.within === undefined ? run() : context.within(run);
    });
    if ('isSent' in reply) return;
    const parts = partsOf(reply.body);
    const length = parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    if (!startResponse(response, route, reply, length)) return;
    bytes.countResponse(response, length);
    if (response.destroyed) return;
    if (parts.length === 1) response.end(parts[0]);
    // Most lists: no turn of the event loop for each.
    else if (length <= sliceBytesMax) response.end(joined(parts));
    else await sendParts(response, parts, turns, disconnection.signal);
  };
}

function checkedBody({ takesBytes, plainBody }: Route, schema: z.ZodType, body: unknown): unknown {
  return takesBytes === true ? body : (plainBody?.(body) ?? validate(schema, body));
}

/** Express's own `json` also computes ETags; text, and JSON that a worker has serialised, is sent as it is. */
function partsOf(body: Reply<unknown>['body']): readonly (string | Uint8Array)[] {
  if (body instanceof JsonParts) return body.parts;
  return [typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)];
}

/** Sets status and headers; returns whether a body follows. */
function startResponse(
  response: Response,
  route: Route,
  { status, headers }: Reply<unknown>,
  length: number,
): boolean {
  if (response.destroyed) return false;
  response.status(status ?? route.response.status).set(headers ?? {});
  if (!response.hasHeader('Content-Type')) {
    response.setHeader('Content-Type', route.response.type ?? 'application/json; charset=utf-8');
  }
  response.setHeader('Content-Length', length);
  if (response.req.method === 'HEAD') response.end();
  return response.req.method !== 'HEAD';
}

/**
 * Logs and metrics name the route: the path itself contains ids. What needs a key where there are keys may be about a
 * person, so no browser or proxy may keep it.
 */
function mark(route: Route): RequestHandler {
  return (_request, response, next) => {
    contextOf(response).route = route;
    if (route.scope !== 'open') response.setHeader('Cache-Control', 'no-store');
    next();
  };
}

function isStream({ stream }: Route, request: Request): boolean {
  return stream !== undefined && request.is(stream.type) !== false && request.is(stream.type) !== null;
}

function requireType(route: Route): RequestHandler {
  const types = route.stream === undefined ? 'application/json' : `application/json or ${route.stream.type}`;
  return (request, _response, next) => {
    const isEmpty = request.headers['content-length'] === '0';
    if (!isEmpty && request.is('application/json') === false && !isStream(route, request)) {
      throw new Problem('unsupported-media-type', `send the body as Content-Type: ${types}`);
    }
    next();
  };
}
