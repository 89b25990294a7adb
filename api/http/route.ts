import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import { Problem, type ProblemCode, validate } from '../base/index.ts';

/** What a key may do; each scope includes those before it. `open` calls need no key. */
export type Scope = 'open' | 'read' | 'write' | 'admin';

/** What a handler answers. `json` is a body that is JSON text already; without a body, none is sent. */
export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request, checked. */
export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Aborted when the client has gone away. */
  readonly signal: AbortSignal;
  readonly express: Request;
  readonly response: Response;
}

/**
 * One call of the API, whole: the server, the OpenAPI document, the metrics and the contract test read this alone.
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
  /** Another way to send the body, which the handler reads by itself, bit by bit, from `express`. */
  readonly stream?: {
    /** Its media type. */
    readonly type: string;
    readonly description: string;
    readonly handle: (request: RouteRequest<never, never, undefined>) => Promise<Reply>;
  };
  /** Whether the call heeds the header Idempotency-Key, which its handler reads. */
  readonly takesIdempotencyKey?: boolean;
  readonly answer: {
    readonly status: number;
    readonly description: string;
    /** Absent where the body is not JSON: `type` says what it is. */
    readonly schema?: z.ZodType;
    readonly type?: string;
  };
  /** Problems of its own, beside those that every route has. */
  readonly problems: readonly ProblemCode[];
  readonly handle: (request: RouteRequest<never, never, never>) => Promise<Reply> | Reply;
}

type Output<Schema> = Schema extends z.ZodType<infer Value> ? Value : undefined;

interface TypedRoute<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType | undefined,
> extends Omit<Route, 'params' | 'query' | 'body' | 'handle'> {
  readonly params: Params;
  readonly query: Query;
  readonly body?: Body;
  readonly handle: (
    request: RouteRequest<z.output<Params>, z.output<Query>, Output<Body>>,
  ) => Promise<Reply> | Reply;
}

/** A route whose handler gets what its schemas give. */
export function defineRoute<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType | undefined = undefined,
>(route: TypedRoute<Params, Query, Body>): Route {
  return route as unknown as Route;
}

/** Puts routes into an app: paths with several methods answer 405 for the others. */
export function registerRoutes(
  app: Express,
  routes: readonly Route[],
  guard: (route: Route) => RequestHandler,
  bodyBytesMax: number,
): void {
  const parseJson = express.json({ limit: bodyBytesMax, strict: false });
  for (const path of new Set(routes.map((route) => route.path))) {
    const chain = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    const own = routes.filter((route) => route.path === path);
    for (const route of own) {
      const parsers = route.body === undefined ? [] : [requireType(route), parseJson];
      chain[route.method](mark(route), guard(route), ...parsers, answer(route));
    }
    const allow = own
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ');
    chain.all((request) => {
      throw new Problem('method-not-allowed', `${request.path} takes ${allow}`, [], { Allow: allow });
    });
  }
}

function answer(route: Route): RequestHandler {
  return async (request, response) => {
    const departure = new AbortController();
    // It may have gone while its body was read: then there is no event to come.
    if (response.destroyed) departure.abort();
    response.once('close', () => {
      if (!response.writableFinished) departure.abort();
    });
    const isStreamed = isStream(route, request);
    // A stream may take longer than other requests: see http/server.ts.
    response.locals['isStreamed'] = isStreamed;
    const handle = isStreamed ? route.stream!.handle : route.handle;
    const hasBody = route.body !== undefined && !isStreamed;
    const checked = {
      params: validate(route.params, request.params),
      query: validate(route.query, request.query),
      body: hasBody ? validate(route.body, request.body) : undefined,
      signal: departure.signal,
      express: request,
      response,
    };
    send(response, route, await handle(checked as RouteRequest<never, never, never>));
  };
}

/** Express's own `json` serialises and looks at ETags; an answer of the workers is text already. */
function send(response: Response, route: Route, { status, body, json, headers }: Reply): void {
  // The client has gone, or the handler has written the answer itself.
  if (response.headersSent || response.destroyed) return;
  response.status(status ?? route.answer.status).set(headers ?? {});
  const text = json ?? (body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  if (text === undefined) {
    response.end();
    return;
  }
  if (!response.hasHeader('Content-Type')) {
    response.setHeader('Content-Type', route.answer.type ?? 'application/json; charset=utf-8');
  }
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(response.req.method === 'HEAD' ? undefined : text);
}

/** Lets logs and metrics name the route instead of the path, which has ids in it. */
function mark(route: Route): RequestHandler {
  return (_request, response, next) => {
    response.locals['route'] = route;
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
