import { type RequestHandler, type Response, Router } from 'express';
import { Problem } from '../base/index.ts';
import { type Asset, type Assets, encodings, loadAssets } from './assets.ts';

const yearSeconds = 365 * 24 * 3600;

/** Stricter than for other responses: no inline styles either. Images of pins may come from any https host. */
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

/** The files of the page, loaded once, on the first request, and again after a failure. */
export class Explorer {
  readonly #load: () => Promise<Assets>;
  #assets: Promise<Assets> | undefined;

  constructor(load: () => Promise<Assets> = loadAssets) {
    this.#load = load;
  }

  /** An idle server may call it, so that the first visitor does not wait. */
  assets(): Promise<Assets> {
    this.#assets ??= this.#load().catch((error: unknown) => {
      this.#assets = undefined;
      throw error;
    });
    return this.#assets;
  }
}

/**
 * The routes of the explorer: the page at `/`, and its files under `/explorer/`. They are not part of the OpenAPI document.
 * `onMatch` is called with the pattern of the path, by which logs and metrics name the request.
 */
export function explorerPages(
  explorer: Explorer,
  onMatch: (response: Response, path: string) => void,
): Router {
  const router = Router();
  /** Handles GET and HEAD of a path. */
  const page = (path: string, handle: RequestHandler): void => {
    const match: RequestHandler = (_request, response, next) => {
      onMatch(response, path);
      next();
    };
    router
      .route(path)
      .get(match, handle)
      .all(match, (request) => {
        throw new Problem('method-not-allowed', `${request.path} supports GET, HEAD`, [], {
          Allow: 'GET, HEAD',
        });
      });
  };
  page('/', async (_request, response) => {
    response.setHeader('Content-Security-Policy', policy);
    response.setHeader('Referrer-Policy', 'no-referrer');
    send(response, (await explorer.assets()).get('index.html')!);
  });
  page('/explorer/:file', async ({ path, params }, response) => {
    const asset = (await explorer.assets()).get(String(params['file']));
    if (asset === undefined) throw new Problem('unknown-route', `there is no ${path}`);
    send(response, asset);
  });
  return router;
}

function send(response: Response, { type, bytes, etag, isVersioned }: Asset): void {
  const { req: request } = response;
  // Browsers list gzip first, but the order in which they list encodings is no preference.
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
