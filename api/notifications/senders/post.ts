import { request as requestHttps } from 'node:https';
import type { Outcome } from '../../../graph-data/index.ts';

/** As in `http/server.ts`: an import would take 25 ms of the start. */
const { request: requestHttp } = process.getBuiltinModule('node:http');

/** Hours that a receiver may ask to wait. */
const retryAfterMsMax = 6 * 3_600_000;

/**
 * Posts a body, without following redirects. A failure before the connection is open has sent nothing; after
 * that, without a response, the receiver may or may not have the body. The response's status decides; its body
 * is not read.
 */
export async function post(
  url: string,
  headers: Readonly<Record<string, string | number>>,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const isSecure = url.startsWith('https:');
    let isConnected = false;
    const request = (isSecure ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { ...headers, 'Content-Length': body.byteLength },
      // A connection of its own: on one that is kept alive, the receiver may have hung up unnoticed.
      agent: false,
      signal,
    });
    request.on('socket', (socket) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => {
        isConnected = true;
      });
    });
    request.on('response', (response) => {
      resolve(outcomeOf(response.statusCode ?? 0, response.headers['retry-after']));
      request.destroy();
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      const failure = error.name === 'AbortError' ? 'no response in time' : (error.code ?? error.name);
      resolve(isConnected ? { kind: 'unknown', failure } : { kind: 'retry', failure });
    });
    request.end(body);
  });
}

/** 502 and 504 come from a proxy that knows no more than we do. */
function outcomeOf(status: number, retryAfter: string | undefined): Outcome {
  const failure = `HTTP ${status}`;
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status === 502 || status === 504) return { kind: 'unknown', failure };
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const seconds = Number(retryAfter);
    const afterMs = seconds > 0 ? Math.min(1_000 * seconds, retryAfterMsMax) : undefined;
    return { kind: 'retry', failure, afterMs };
  }
  return { kind: 'failed', failure, isGone: status === 404 || status === 410 };
}
