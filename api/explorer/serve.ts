import { type RequestHandler, type Response, Router } from 'express';
import { Problem } from '../base/index.ts';
import { contextOf } from '../http/index.ts';
import { type Asset, type Assets, bundlePage, encodings } from './bundle.ts';

const yearSeconds = 365 * 24 * 3600;

/** Stricter than that of the other answers: no styles inline either. Images of pins may be anywhere on https. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page's files, bundled when they are first asked for, once, unless that failed. */
export class Explorer {
  readonly #bundle: () => Promise<Assets>;
  #assets: Promise<Assets> | undefined;

  constructor(bundle: () => Promise<Assets> = bundlePage) {
    this.#bundle = bundle;
  }

  /** Also for a server that has nothing else to do: then the first visitor does not wait. */
  assets(): Promise<Assets> {
    this.#assets ??= this.#bundle().catch((error: unknown) => {
      this.#assets = undefined;
      throw error;
    });
    return this.#assets;
  }
}

/**
 * The explorer: the page at `/` and, under `/explorer/`, what it loads. A page is no call of the API, so it is not in
 * the OpenAPI document.
 */
export function explorerPages(explorer: Explorer): Router {
  const router = Router();
  page(router, '/', async (_request, response) => {
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Referrer-Policy', 'no-referrer');
    send(response, (await explorer.assets()).get('index.html')!);
  });
  page(router, '/explorer/:file', async ({ path, params }, response) => {
    const asset = (await explorer.assets()).get(String(params['file']));
    if (asset === undefined) throw new Problem('unknown-route', `there is no ${path}`);
    send(response, asset);
  });
  return router;
}

/** A path that answers GET and HEAD; logs and metrics know it by its pattern. */
function page(router: Router, path: string, handle: RequestHandler): void {
  const mark: RequestHandler = (_request, response, next) => {
    contextOf(response).route = { path };
    next();
  };
  router
    .route(path)
    .get(mark, handle)
    .all(mark, (request) => {
      throw new Problem('method-not-allowed', `${request.path} supports GET, HEAD`, [], {
        Allow: 'GET, HEAD',
      });
    });
}

function send(response: Response, { type, bytes, etag, isVersioned }: Asset): void {
  const { req: request } = response;
  // Browsers name gzip first and mean no order by it.
  const encoding = encodings.find((each) => request.acceptsEncodings(each) !== false) ?? 'identity';
  const tag = `"${etag}-${encoding}"`;
  response.setHeader('Content-Type', type);
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('ETag', tag);
  response.setHeader('Cache-Control', isVersioned ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
  if (request.get('If-None-Match')?.split(/, */).includes(tag) === true) {
    response.status(304).end();
    return;
  }
  const body = bytes[encoding];
  if (encoding !== 'identity') response.setHeader('Content-Encoding', encoding);
  response.setHeader('Content-Length', body.byteLength);
  response.end(request.method === 'HEAD' ? undefined : body);
}
