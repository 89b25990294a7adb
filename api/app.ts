import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { createGuard, keyOf, protectiveHeaders } from './http/access/index.ts';
import { Explorer, explorerPages } from './explorer/index.ts';
import { type Route, registerRoutes } from './http/index.ts';
import { Problem, type ProblemCode, problemTypes } from './base/index.ts';
import { allRoutes } from './routes/index.ts';
import type { Service } from './service.ts';
import { ClientGone } from './runtime/serving/index.ts';

export interface AppOptions {
  /** Default: every call of the API. */
  readonly routes?: readonly Route[];
  readonly explorer?: Explorer;
}

/** The REST API over a graph. Listens nowhere: `listen` in http/server.ts does. */
export function createApp(
  service: Service,
  { routes = allRoutes(service), explorer = new Explorer() }: AppOptions = {},
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(identifyAndLog(service));
  app.use(protectiveHeaders(), requireHost);
  registerRoutes(app, routes, createGuard(service), service.settings.bodyBytesMax);
  app.use(explorerPages(explorer));
  app.use((request) => {
    throw new Problem('unknown-route', `there is no ${request.path}`);
  });
  app.use(answerProblem(service));
  return app;
}

/** Ids that a client or proxy may give its request: harmless in a header and in a line of the log. */
const saneRequestId = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * A name for each request, in the answer's header, in problems and in the log: its own X-Request-Id, or a new one.
 * Path and query string are never logged, as they have users' ids in them: the route's pattern is.
 */
function identifyAndLog({ newId, now, log, metrics }: Service): RequestHandler {
  return (request, response, next) => {
    const given = request.get('X-Request-Id');
    const requestId = given !== undefined && saneRequestId.test(given) ? given : newId();
    const started = now();
    response.locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    response.once('close', () => {
      const { method } = request;
      const { route: called, walked } = response.locals as { route?: Route; walked?: object };
      const route = called?.path ?? 'unknown';
      const keyId = keyOf(response)?.id;
      // Without it, the client went before the answer was out, and no status reached it.
      const status = response.writableFinished ? response.statusCode : undefined;
      const ms = Math.round((now() - started) * 1000) / 1000;
      const bytes = Number(response.getHeader('Content-Length') ?? 0);
      metrics.requestEnded({ route, method, status, seconds: ms / 1000 });
      // A server under load refuses thousands a second, as it should: pinwalk_problems_total counts them.
      const level = status === 500 ? 'warn' : 'info';
      log[level](
        { requestId, route, method, keyId, status: status ?? 'gone', ms, bytes, ...walked },
        'request',
      );
    });
    next();
  };
}

/** As HTTP/1.1 demands. Node's own check would answer without a problem. */
const requireHost: RequestHandler = ({ headers, httpVersion }, _response, next) => {
  if (headers.host === undefined && httpVersion !== '1.0') {
    throw new Problem('invalid-request', 'the Host header is missing');
  }
  next();
};

/** Answers with a problem whatever was thrown. What was not foreseen is logged, and answered without details. */
function answerProblem({ log, metrics }: Service): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const requestId = String(response.locals['requestId']);
    if (response.headersSent || error instanceof ClientGone) {
      response.destroy();
      return;
    }
    const problem = error instanceof Problem ? error : problemOf(error);
    metrics.problem(problem.code);
    if (problem.code === 'internal') log.error({ requestId, err: error }, 'unforeseen error');
    response
      .status(problemTypes[problem.code].status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problem.body(request.path, requestId)));
  };
}

/** What Express and its body parser throw, as problems. */
function problemOf(error: unknown): Problem {
  const { status, type, limit } = error as { status?: number; type?: string; limit?: number };
  const codes: Partial<Record<number, ProblemCode>> = {
    400: 'invalid-request',
    413: 'body-too-large',
    415: 'unsupported-media-type',
  };
  const code = codes[status ?? 500];
  if (code === undefined) return new Problem('internal', 'see the log for this requestId');
  if (type === 'entity.parse.failed') return new Problem(code, 'the body is not valid JSON');
  if (code === 'body-too-large') return new Problem(code, `the body has over ${limit} bytes`);
  if (error instanceof URIError) return new Problem(code, 'the path is not percent-encoded rightly');
  return new Problem(code, (error as Error).message);
}
