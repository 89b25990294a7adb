import { type Socket, connect } from 'node:net';

/** The result of requests at a fixed rate. Latencies in ms count from the time a request was due, so they include waiting. */
export interface LoadResult {
  /** Scheduled requests per second. */
  readonly rate: number;
  readonly sent: number;
  /** Responses by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Requests without a response: broken connections, or no response in time. */
  readonly failed: number;
  readonly answered: Percentiles;
  readonly refused: Percentiles;
  /** Share of all requests with a response other than 503 within `inTimeMs`. */
  readonly inTime: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadRequest {
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: string;
  /** Of the body. Default: JSON. */
  readonly type?: string;
  /** The API key. */
  readonly key?: string;
}

interface LoadOptions {
  readonly port: number;
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
  readonly inTimeMs: number;
  readonly next: () => LoadRequest;
  /** A monotonic clock in milliseconds. */
  readonly now: () => number;
  /** Called for each response that is not 200: when it was due after the start, and how long it took, in ms. */
  readonly onOther?: (status: number, dueMs: number, tookMs: number) => void;
}

/** How long to wait for responses after the last request. */
const graceMs = 10_000;

/**
 * Sends requests at a fixed rate, evenly spaced, whether or not responses arrive, so that queueing is measured
 * (autocannon sends the requests of each second at once, which measures its own burst). Uses keep-alive connections with
 * one request at a time; the time that a request waits for a free connection counts.
 */
export async function openLoop({
  port,
  rate,
  seconds,
  connections,
  inTimeMs,
  next: nextRequest,
  now,
  onOther,
}: LoadOptions): Promise<LoadResult> {
  const total = Math.round(rate * seconds);
  const idle: Connection[] = [];
  const waiting: number[] = [];
  const answered: number[] = [];
  const refused: number[] = [];
  const statuses: Record<number, number> = {};
  let [sent, failed] = [0, 0];
  const done = (connection: Connection, due: number, status: number | undefined): void => {
    if (status === undefined) failed++;
    else {
      statuses[status] = (statuses[status] ?? 0) + 1;
      (status === 503 ? refused : answered).push(now() - due);
      if (status !== 200) onOther?.(status, due - started, now() - due);
    }
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else connection.send(nextRequest(), next);
  };
  const all: Connection[] = [];
  // Opened on demand, since the server closes idle connections.
  const open = (): Connection | undefined => {
    if (all.length === connections) return undefined;
    all.push(new Connection(port, done));
    return all.at(-1);
  };
  const started = now();
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = now() - started;
      while (sent < total && (sent * 1000) / rate <= elapsed) {
        const due = started + (sent++ * 1000) / rate;
        const connection = idle.pop() ?? open();
        if (connection === undefined) waiting.push(due);
        else connection.send(nextRequest(), due);
      }
      const isDone = answered.length + refused.length + failed >= total;
      if (isDone || elapsed > seconds * 1000 + graceMs) {
        clearInterval(timer);
        resolve();
      }
    }, 1);
  });
  for (const connection of all) connection.close();
  failed += total - answered.length - refused.length - failed;
  return {
    rate,
    sent,
    statuses,
    failed,
    answered: percentiles(answered),
    refused: percentiles(refused),
    inTime: answered.filter((ms) => ms < inTimeMs).length / total,
  };
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}

/** A keep-alive connection that parses only what our server sends: a status line and a Content-Length. */
class Connection {
  readonly #done: (connection: Connection, due: number, status: number | undefined) => void;
  readonly #port: number;
  #socket: Socket;
  #due = 0;
  #isBusy = false;
  #head = '';
  #status = 0;
  #bodyLeft = -1;

  constructor(port: number, done: (connection: Connection, due: number, status: number | undefined) => void) {
    this.#port = port;
    this.#done = done;
    this.#socket = this.#connect();
  }

  send({ path, method = 'GET', body, type = 'application/json', key }: LoadRequest, due: number): void {
    if (this.#socket.destroyed) this.#socket = this.#connect();
    this.#due = due;
    this.#isBusy = true;
    const authorization = key === undefined ? '' : `Authorization: Bearer ${key}\r\n`;
    const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\n${authorization}`;
    const headers =
      body === undefined ? '' : `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    this.#socket.write(`${head}${headers}\r\n${body ?? ''}`);
  }

  close(): void {
    this.#isBusy = false;
    this.#socket.destroy();
  }

  #connect(): Socket {
    const socket = connect(this.#port, '127.0.0.1');
    socket.setNoDelay(true);
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', () => {});
    socket.on('close', () => this.#finish(undefined));
    this.#head = '';
    this.#bodyLeft = -1;
    return socket;
  }

  #read(bytes: Buffer): void {
    let body = bytes.length;
    if (this.#bodyLeft < 0) {
      const before = this.#head.length;
      this.#head += bytes.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#status = Number(this.#head.slice(9, 12));
      this.#bodyLeft = Number(/\r\ncontent-length: (\d+)/i.exec(this.#head)?.[1] ?? 0);
      body = before + bytes.length - end - 4;
      this.#head = '';
    }
    this.#bodyLeft -= body;
    if (this.#bodyLeft > 0) return;
    this.#bodyLeft = -1;
    this.#finish(this.#status);
  }

  #finish(status: number | undefined): void {
    if (!this.#isBusy) return;
    this.#isBusy = false;
    this.#done(this, this.#due, status);
  }
}
