import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { allowOrigins, createGuard, originsOf, protectiveHeaders } from './http/access/index.ts';
import { Explorer, explorerPages } from './explorer/index.ts';
import {
  RequestBytes,
  type Route,
  awaitPosition,
  contextOf,
  registerRoutes,
  requireValidAddress,
  routePatterns,
  sendToWriter,
  withEscapedKey,
} from './http/index.ts';
import { Problem, type ProblemCode, problemTypes, roundedMs } from './base/index.ts';
import { allRoutes } from './routes/index.ts';
import type { Service } from './service.ts';
import { ClientGone, storageProblemOf } from './runtime/serving/index.ts';
import { endRequest, startRequest, traceIdOf, within } from './runtime/tracing/index.ts';

interface AppOptions {
  /** Default: every call of the API. */
  readonly routes?: readonly Route[];
  readonly explorer?: Explorer;
}

/** The REST API as an Express app, which `listen` in http/server.ts serves. */
export function createApp(
  service: Service,
  { routes = allRoutes(service), explorer = new Explorer() }: AppOptions = {},
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(identifyAndLog(service, routePatterns(routes)));
  const origins = originsOf(service.settings.corsOrigins);
  if (origins.length > 0) app.use(allowOrigins(origins));
  app.use(protectiveHeaders(), requireHost, requireValidAddress);
  const bytes = new RequestBytes(service.settings.bodyBytesMax);
  const fail = sendProblem(service);
  const guard = createGuard(service);
  const reach = awaitPosition(service.applied, service.settings.positionMsMax);
  const { replica } = service;
  const guards = (route: Route) => [
    guard(route),
    ...(replica === undefined ? [] : [sendToWriter(route, replica.writer)]),
    ...(route.scope === 'read' ? [reach] : []),
  ];
  registerRoutes(app, routes, guards, bytes, service.turns, fail);
  app.use(
    explorerPages(explorer, (response, path) => {
      contextOf(response).route = { path };
    }),
  );
  app.use((request) => {
    const escaped = withEscapedKey(routes, request.path);
    const hint = escaped === undefined ? '' : `; write a / within a key as %2F: ${escaped}`;
    throw new Problem('unknown-route', `there is no ${request.path}${hint}`);
  });
  app.use(fail);
  return app;
}

/** Request ids that clients and proxies may choose: safe in headers and log lines. */
const saneRequestId = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Identifies each request in its response header, in problems and in the log: by its own X-Request-Id, or a new one. Path
 * and query string, which contain user ids, are never logged: the pattern of the route is.
 */
function identifyAndLog(
  { newId, now, log, metrics }: Service,
  patternOf: (path: string) => string | undefined,
): RequestHandler {
  return (request, response, next) => {
    const given = request.get('X-Request-Id');
    const requestId = given !== undefined && saneRequestId.test(given) ? given : newId();
    const started = now();
    const context = contextOf(response);
    const span = startRequest(request);
    context.requestId = requestId;
    const traceId = traceIdOf(span);
    if (traceId !== undefined) context.within = (work) => within(span, work);
    response.setHeader('X-Request-Id', requestId);
    response.once('close', () => {
      const { method } = request;
      const route = context.route?.path ?? patternOf(request.path) ?? 'unknown';
      const keyId = context.key?.id;
      // Undefined when the client disconnected before the end of the response.
      const status = response.writableFinished ? response.statusCode : undefined;
      const ms = roundedMs(now() - started);
      const bytes = Number(response.getHeader('Content-Length') ?? 0);
      endRequest(span, { method, route, status, requestId, problem: context.problem });
      metrics.requestEnded({ route, method, status, seconds: ms / 1000 });
      // An overloaded server refuses thousands per second by design: pinwalk_problems_total counts them.
      const level = status === 500 ? 'warn' : 'info';
      log[level](
        {
          requestId,
          traceId,
          route,
          method,
          keyId,
          status: status ?? 'gone',
          ms,
          bytes,
          ...context.walked,
        },
        'request',
      );
    });
    next();
  };
}

/** HTTP/1.1 requires it. Node's own check would respond without a problem. */
const requireHost: RequestHandler = ({ headers, httpVersion }, _response, next) => {
  if (headers.host === undefined && httpVersion !== '1.0') {
    throw new Problem('invalid-request', 'the Host header is missing');
  }
  next();
};

/** Sends whatever was thrown as a problem. Unexpected errors are logged, and sent without details. */
function sendProblem({ log, metrics }: Service): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { requestId } = contextOf(response);
    if (response.headersSent || error instanceof ClientGone) {
      response.destroy();
      return;
    }
    const problem = error instanceof Problem ? error : (storageProblemOf(error) ?? problemOf(error));
    metrics.problem(problem.code);
    contextOf(response).problem = problem.code;
    if (problem.code === 'internal') log.error({ requestId, err: error }, 'unexpected error');
    else if (problem !== error && problem.code === 'storage-unavailable') {
      log.error({ requestId, err: error }, 'the database cannot be read');
    }
    const body = JSON.stringify(problem.body(request.path, requestId));
    // Not by Express's own `send`: an overloaded server refuses thousands a second.
    response.statusCode = problemTypes[problem.code].status;
    response.setHeader('Cache-Control', 'no-store');
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
    response.setHeader('Content-Type', 'application/problem+json; charset=utf-8');
    response.setHeader('Content-Length', Buffer.byteLength(body));
    response.end(body);
  };
}

/** The problem for an error of Express or its body parser. */
function problemOf(error: unknown): Problem {
  const { status, limit } = error as { status?: number; limit?: number };
  const codes: Partial<Record<number, ProblemCode>> = {
    400: 'invalid-request',
    413: 'body-too-large',
    415: 'unsupported-media-type',
  };
  const code = codes[status ?? 500];
  if (code === undefined) return new Problem('internal', 'see the log for this requestId');
  if (code === 'body-too-large') return new Problem(code, `the body is larger than ${limit} bytes`);
  if (isOfUnpacking(error)) return new Problem(code, 'the body is not packed as its Content-Encoding says');
  if (error instanceof URIError) return new Problem(code, 'the path is not validly percent-encoded');
  return new Problem(code, (error as Error).message);
}

/** zlib's own words say nothing of the request. */
function isOfUnpacking(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^(?:Z_|ERR__|ERR_BROTLI)/.test(code);
}
