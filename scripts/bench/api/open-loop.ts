import { type Socket, connect } from 'node:net';

/** What came of requests sent at a fixed rate. Times in ms from when a request was due, so that waiting counts. */
export interface LoadResult {
  /** Requests a second that were due. */
  readonly rate: number;
  readonly sent: number;
  /** Responses by status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** Requests without an answer: connections that broke, or no answer in time. */
  readonly failed: number;
  readonly answered: Percentiles;
  readonly refused: Percentiles;
  /** Share of all that were sent that were answered, other than by a refusal, within `inTimeMs`. */
  readonly inTime: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A GET, or with a body another method. */
export interface Asked {
  readonly path: string;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** JSON. */
  readonly body?: string;
}

interface LoadOptions {
  readonly port: number;
  readonly rate: number;
  readonly seconds: number;
  readonly connections: number;
  readonly inTimeMs: number;
  readonly next: () => Asked;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

/** How long answers are waited for after the last request. */
const graceMs = 10_000;

/**
 * Sends requests at a fixed rate, evenly spaced, whether or not answers come: what queues up is measured, not left
 * out (autocannon lets go each second's requests at once, which measures its own burst). Keep-alive connections, one
 * request at a time on each; a request that finds all of them busy waits, and its wait counts.
 */
export async function openLoop({
  port,
  rate,
  seconds,
  connections,
  inTimeMs,
  next: nextAsked,
  now,
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
    }
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else connection.ask(nextAsked(), next);
  };
  const all: Connection[] = [];
  // As clients do: one that opens connections in advance finds them cut when they stay idle.
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
        else connection.ask(nextAsked(), due);
      }
      const isOver = answered.length + refused.length + failed >= total;
      if (isOver || elapsed > seconds * 1000 + graceMs) {
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

/** One keep-alive connection that reads as much of HTTP as our server writes: a status line and a Content-Length. */
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

  ask({ path, method = 'GET', body }: Asked, due: number): void {
    if (this.#socket.destroyed) this.#socket = this.#connect();
    this.#due = due;
    this.#isBusy = true;
    const head = `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\n`;
    const told =
      body === undefined
        ? ''
        : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    this.#socket.write(`${head}${told}\r\n${body ?? ''}`);
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
