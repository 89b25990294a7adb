import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { Problem, type ProblemCode, problemTypes } from '../base/index.ts';
import { InFlight } from './in-flight.ts';

/** An import would read all that the module exports, and so load undici: 25 ms of the start (docs/perf-notes.md). */
const http = process.getBuiltinModule('node:http');

export interface ListenOptions {
  readonly log: Logger;
  readonly newId: () => string;
  readonly limits?: Partial<ProtocolLimits>;
}

/** Limits that apply before a route is reached. */
interface ProtocolLimits {
  /** Request line and headers together. */
  readonly headerBytesMax: number;
  /** From the start of a connection, or of its next request, to the end of the headers. */
  readonly headersMsMax: number;
  /** From the end of the headers to the end of the body, except for bodies that their handler streams. */
  readonly requestMsMax: number;
  /** Without a request. Longer than the 60 s of common proxies: they close first, and never reuse a closed connection. */
  readonly idleMsMax: number;
  /** Without a byte in or out during a response: for clients that do not read it. */
  readonly stalledMsMax: number;
  /** Interval of the checks for the first two. */
  readonly checkMs: number;
  /** Further connections are closed at once. */
  readonly connectionsMax: number;
}

const defaultLimits: ProtocolLimits = {
  headerBytesMax: 16 * 1024,
  headersMsMax: 10_000,
  requestMsMax: 30_000,
  idleMsMax: 65_000,
  stalledMsMax: 120_000,
  checkMs: 1_000,
  connectionsMax: 10_000,
};

interface Listening {
  readonly server: Server;
  readonly url: string;
  readonly inFlight: InFlight;
}

/** Starts listening; port 0 takes any free port. Rejects when the address is not available. */
export async function listen(
  app: Express,
  host: string,
  port: number,
  options: ListenOptions,
): Promise<Listening> {
  const limits = { ...defaultLimits, ...options.limits };
  const server = http.createServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMsMax,
    // Node's own timeout cannot exempt single requests: limitTime does.
    requestTimeout: 0,
    keepAliveTimeout: limits.idleMsMax,
    connectionsCheckingInterval: limits.checkMs,
    // The application sends the problem for a missing Host header.
    requireHostHeader: false,
  });
  server.maxConnections = limits.connectionsMax;
  server.maxRequestsPerSocket = 0;
  server.timeout = limits.stalledMsMax;
  const inFlight = new InFlight(server);
  handleConnections(server, app, inFlight, limits.requestMsMax, options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { server, url: `http://${name}:${address.port}`, inFlight };
}

/** Accepts no new connections, and resolves when the last open request has its response, however long that takes. */
export async function drain({ server, inFlight }: Listening): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  inFlight.endConnections();
  await closed;
}

/** Passes HTTP requests to the app. Anything else gets a problem, and its connection is closed. */
function handleConnections(
  server: Server,
  app: Express,
  inFlight: InFlight,
  requestMsMax: number,
  { log, newId }: ListenOptions,
): void {
  const latest = new WeakMap<Duplex, ServerResponse>();
  const refuse = (socket: Duplex, code: ProblemCode, detail: string): void => {
    const requestId = newId();
    const { status } = problemTypes[code];
    // An aborted request has a log line of its own.
    const response = latest.get(socket);
    if (response === undefined || response.writableFinished) {
      log.info({ requestId, status, code }, 'not a request');
    }
    socket.end(rawResponse(new Problem(code, detail), requestId));
  };
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    latest.set(socket, response);
    inFlight.add(response);
    // Otherwise every idle connection would retain its last response.
    response.once('close', () => {
      if (latest.get(socket) === response) latest.delete(socket);
    });
    limitTime(server, request, response, requestMsMax);
  };
  server.on('request', (request, response) => {
    begin(request, response);
    app(request, response);
  });
  server.on('checkContinue', (request, response) => {
    begin(request, response);
    // A refused client may or may not send the body: what follows on this connection would be ambiguous.
    response.shouldKeepAlive = false;
    // 100 Continue is sent when the body is read: never for a refused request.
    request.once('resume', () => {
      if (!response.headersSent) response.writeContinue();
    });
    app(request, response);
  });
  server.on('checkExpectation', (request: IncomingMessage) => {
    refuse(request.socket, 'invalid-request', 'the only supported Expect header is 100-continue');
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    refuse(socket, 'method-not-allowed', 'this server is not a proxy: it does not support CONNECT');
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const response = latest.get(socket);
    const isResponding = response !== undefined && !response.writableFinished;
    // A second response must neither run into the first nor be mistaken for it.
    const isAmbiguous = isResponding && (response.headersSent || response.req.complete);
    if (!socket.writable || error.code === 'ECONNRESET' || isAmbiguous) socket.destroy();
    else refuse(socket, ...faultOf(error));
  });
}

/** Aborts a request whose body does not end in time. Streams have only the socket's timeout, for silence. */
function limitTime(
  server: Server,
  request: IncomingMessage,
  response: ServerResponse & { locals?: { isStreamed?: boolean } },
  requestMsMax: number,
): void {
  const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
  if (length === '0' && encoding === undefined) return;
  const timer = setTimeout(() => {
    if (request.complete || response.locals?.isStreamed === true) return;
    server.emit(
      'clientError',
      Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
      request.socket,
    );
  }, requestMsMax);
  request.once('close', () => clearTimeout(timer));
}

function faultOf({ code }: NodeJS.ErrnoException): [ProblemCode, string] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return ['headers-too-large', 'path, query string and headers exceed 16 KiB'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['request-timeout', 'the request took too long to arrive'];
  return ['invalid-request', `malformed HTTP${code === undefined ? '' : ` (${code})`}`];
}

/** A complete HTTP response, for sockets without a parsed request. */
function rawResponse(problem: Problem, requestId: string): string {
  const { status, title } = problemTypes[problem.code];
  const body = JSON.stringify(problem.body('', requestId));
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
