import { connect } from 'node:net';
import type { Answer } from './server.ts';

/** A request as sent over the wire, including forms that `fetch` refuses. */
export interface WireRequest {
  readonly method: string;
  /** Path and query string, escaped or not. */
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: Uint8Array | undefined;
}

/** The response; undefined when the connection was closed without one, or in the midst of one. */
export type WireAnswer = Answer & { readonly text: string };

export function bytesOf({ method, target, headers, body }: WireRequest): Buffer {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body ?? Buffer.alloc(0)]);
}

/**
 * Sends a request on a connection of its own and waits until the server closes it. With `isAll`, the client half-closes
 * the connection: to Node, it has disconnected. Rejects after five minutes of silence.
 */
export async function send(
  url: string,
  request: WireRequest,
  { isAll = false }: { isAll?: boolean } = {},
): Promise<WireAnswer | undefined> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(300_000, () => {
      socket.destroy();
      reject(new Error(`no response to ${request.method} ${request.target.slice(0, 200)}`));
    });
    socket.once('close', () => resolve());
    // A server that refuses a large body may close before reading it: its response still counts.
    socket.on('error', () => resolve());
    socket.write(bytesOf(request));
    if (isAll) socket.end();
  });
  return readAnswer(Buffer.concat(chunks));
}

/** The first response in the bytes from a server, if it is whole. That to HEAD has no body, whatever its headers say. */
export function readAnswer(bytes: Buffer): WireAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const pairs = lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]);
  const headers = new Headers(pairs);
  const length = Number(headers.get('content-length') ?? Infinity);
  const sent = bytes.subarray(end + 4, Math.min(bytes.length, end + 4 + length));
  const isChunked = headers.get('transfer-encoding') === 'chunked';
  const body = isChunked ? unchunked(sent) : sent;
  const isCut = body === undefined || (Number.isFinite(length) && body.length < length);
  if (isCut && sent.length > 0) return undefined;
  const text = body?.toString() ?? '';
  const isJson = /json/.test(headers.get('content-type') ?? '') && text !== '';
  return {
    status: Number(first.split(' ')[1]),
    headers,
    text,
    body: isJson ? JSON.parse(text) : undefined,
  };
}

/** Decodes a chunked body; undefined if its last chunk is missing. */
function unchunked(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const start = bytes.indexOf('\r\n', at) + 2;
    const length = Number.parseInt(bytes.toString('latin1', at, start), 16);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(start, start + length));
    at = start + length + 2;
  }
  return undefined;
}
