import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { Problem, type ProblemCode, problemTypes } from '../base/index.ts';
import { InFlight } from './in-flight.ts';

export interface ListenOptions {
  readonly log: Logger;
  readonly newId: () => string;
  readonly limits?: Partial<ProtocolLimits>;
}

/** Bounds of what a client may take before a route is reached. */
interface ProtocolLimits {
  /** Request line and headers together. */
  readonly headerBytesMax: number;
  /** From the start of a connection, or of its next request, to the end of the headers. */
  readonly headersMsMax: number;
  /** From the end of the headers to the end of the body; a body that its handler reads bit by bit may take longer. */
  readonly requestMsMax: number;
  /** Without a request. Longer than the 60 s of usual proxies, so that they close first and never find it closed. */
  readonly idleMsMax: number;
  /** Without a byte in or out while an answer is under way: for clients that do not read it. */
  readonly stalledMsMax: number;
  /** How often the first two are looked at. */
  readonly checkMs: number;
  /** Connections beyond are closed at once. */
  readonly connectionsMax: number;
}

const usualLimits: ProtocolLimits = {
  headerBytesMax: 16 * 1024,
  headersMsMax: 10_000,
  requestMsMax: 30_000,
  idleMsMax: 65_000,
  stalledMsMax: 120_000,
  checkMs: 1_000,
  connectionsMax: 10_000,
};

export interface Listening {
  readonly server: Server;
  readonly url: string;
  readonly inFlight: InFlight;
}

/** Starts listening; port 0 takes any free one. Rejects when the address cannot be had. */
export async function listen(
  app: Express,
  host: string,
  port: number,
  options: ListenOptions,
): Promise<Listening> {
  const limits = { ...usualLimits, ...options.limits };
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMsMax,
    // Node's own cannot let one request take longer than another.
    requestTimeout: 0,
    keepAliveTimeout: limits.idleMsMax,
    connectionsCheckingInterval: limits.checkMs,
    // Express answers those without a Host header too, with a problem like any other.
    requireHostHeader: false,
  });
  server.maxConnections = limits.connectionsMax;
  server.maxRequestsPerSocket = 0;
  server.timeout = limits.stalledMsMax;
  const inFlight = new InFlight(server);
  answerEverything(server, app, inFlight, limits.requestMsMax, options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { server, url: `http://${name}:${address.port}`, inFlight };
}

/** Takes no new connections and resolves when every request in flight is answered, however long that takes. */
export async function drain({ server, inFlight }: Listening): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  inFlight.endConnections();
  await closed;
}

/** What is HTTP goes to the app, what is not is answered with a problem and cut. */
function answerEverything(
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
    // A request that broke off has its own line.
    const response = latest.get(socket);
    if (response === undefined || response.writableFinished) {
      log.info({ requestId, status, code }, 'not a request');
    }
    socket.end(rawAnswer(new Problem(code, detail), requestId));
  };
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const { socket } = request;
    latest.set(socket, response);
    inFlight.add(response);
    // Else every idle connection would hold its last answer.
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
    // Whoever is refused may or may not send the body: what follows on this connection cannot be told apart.
    response.shouldKeepAlive = false;
    // The body is asked for when somebody reads it: not for a request that is refused.
    request.once('resume', () => {
      if (!response.headersSent) response.writeContinue();
    });
    app(request, response);
  });
  server.on('checkExpectation', (request: IncomingMessage) => {
    refuse(request.socket, 'invalid-request', 'the only Expect header known here is 100-continue');
  });
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    refuse(socket, 'method-not-allowed', 'this is no proxy: there is no CONNECT');
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const response = latest.get(socket);
    const isAnswering = response !== undefined && !response.writableFinished;
    // A second answer must not run into the first, nor be taken for it.
    const isAmbiguous = isAnswering && (response.headersSent || response.req.complete);
    if (!socket.writable || error.code === 'ECONNRESET' || isAmbiguous) socket.destroy();
    else refuse(socket, ...faultOf(error));
  });
}

/** Cuts a request whose body does not end; of a stream, only the socket's own timeout does, when nothing comes at all. */
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
    return ['headers-too-large', 'path, query string and headers are over 16 KiB'];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return ['request-timeout', 'the request took too long to arrive'];
  return ['invalid-request', `this is not HTTP as it should be${code === undefined ? '' : ` (${code})`}`];
}

/** A whole answer, for sockets that have no response. Who asked for what is not known. */
function rawAnswer(problem: Problem, requestId: string): string {
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
