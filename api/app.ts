import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { LoadedSnapshot } from '../graph-data/index.ts';
import { Problem, type ProblemCode, problemTypes } from './problems.ts';
import { Recommender, type RecommenderDeps } from './recommend.ts';
import { noParameters, recommendationRequest, relatedParameters, validate } from './schemas.ts';

export interface AppDeps extends RecommenderDeps {
  /** The snapshot that is served now, or undefined while there is none. */
  readonly snapshot: () => LoadedSnapshot | undefined;
  readonly log: Logger;
}

const bodyBytesMax = 2 ** 20;

/** The REST API over a graph. Listens nowhere: `listen` in server.ts does. */
export function createApp(deps: AppDeps): Express {
  const recommender = new Recommender(deps);
  const currentSnapshot = (): LoadedSnapshot => {
    const snapshot = deps.snapshot();
    if (snapshot === undefined) {
      throw new Problem('graph-not-ready', 'no snapshot is loaded yet', [], { 'Retry-After': '1' });
    }
    return snapshot;
  };

  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(identifyAndLog(deps));

  route(app, 'get', '/healthz', (request, response) => {
    validate(noParameters, request.query);
    response.json({ status: 'ok' });
  });
  route(app, 'get', '/readyz', (request, response) => {
    validate(noParameters, request.query);
    response.json({ status: 'ready', graphVersion: currentSnapshot().version });
  });
  route(app, 'get', '/v1/pins/:pin/related', (request, response) => {
    const given = validate(relatedParameters, request.query);
    const {
      limit,
      algorithm,
      diversity,
      hubCorrection,
      minRelevance,
      explain,
      fields,
      randomSeed,
      ...params
    } = given;
    const query = [{ pin: request.params['pin'] }];
    const ranking = { limit, algorithm, diversity, hubCorrection, minRelevance, explain, fields, randomSeed };
    const general = { query, ...ranking, params };
    response.json(recommender.recommend(currentSnapshot(), validate(recommendationRequest, general)));
  });
  route(
    app,
    'post',
    '/v1/recommendations',
    requireJson,
    express.json({ limit: bodyBytesMax, strict: false }),
    (request, response) => {
      validate(noParameters, request.query);
      const body = validate(recommendationRequest, request.body);
      response.json(recommender.recommend(currentSnapshot(), body));
    },
  );
  app.use((request) => {
    throw new Problem('unknown-route', `there is no ${request.path}`);
  });
  app.use(answerProblem(deps));
  return app;
}

/** One method on a path, and 405 for the others. */
function route(app: Express, method: 'get' | 'post', path: string, ...handlers: RequestHandler[]): void {
  const allow = method === 'get' ? 'GET, HEAD' : 'POST';
  const others: RequestHandler = (request) => {
    throw new Problem('method-not-allowed', `${request.path} takes ${allow}`, [], { Allow: allow });
  };
  const chain = app.route(path);
  chain[method](...handlers);
  chain.all(others);
}

const requireJson: RequestHandler = (request, _response, next) => {
  if (request.is('application/json') === false) {
    throw new Problem('unsupported-media-type', 'send the body as Content-Type: application/json');
  }
  next();
};

/** A name for each request, in the answer's header, in problems and in the log. Never the query string. */
function identifyAndLog({ newId, now, log }: AppDeps): RequestHandler {
  return (request, response, next) => {
    const requestId = newId();
    const started = now();
    response.locals['requestId'] = requestId;
    response.setHeader('X-Request-Id', requestId);
    response.once('close', () => {
      const { method, path } = request;
      const ms = Math.round((now() - started) * 1000) / 1000;
      log.info({ requestId, method, path, status: response.statusCode, ms }, 'request');
    });
    next();
  };
}

/** Answers with a problem whatever was thrown. What was not foreseen is logged, and answered without details. */
function answerProblem({ log }: AppDeps): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const requestId = String(response.locals['requestId']);
    const problem = error instanceof Problem ? error : problemOf(error);
    if (problem.code === 'internal') log.error({ requestId, err: error }, 'unforeseen error');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problemTypes[problem.code].status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify(problem.body(request.path, requestId)));
  };
}

/** What Express and its body parser throw, as problems. */
function problemOf(error: unknown): Problem {
  const { status, type } = error as { status?: number; type?: string };
  const codes: Partial<Record<number, ProblemCode>> = {
    400: 'invalid-request',
    413: 'body-too-large',
    415: 'unsupported-media-type',
  };
  const code = codes[status ?? 500];
  if (code === undefined) return new Problem('internal', 'see the log for this requestId');
  if (type === 'entity.parse.failed') return new Problem(code, 'the body is not valid JSON');
  if (code === 'body-too-large') return new Problem(code, `the body has over ${bodyBytesMax} bytes`);
  if (error instanceof URIError) return new Problem(code, 'the path is not percent-encoded rightly');
  return new Problem(code, (error as Error).message);
}
