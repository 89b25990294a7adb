import type { RequestHandler, Response } from 'express';
import { LinkedList, Problem } from '../base/index.ts';
import { type CountedRequest, contextOf } from './context.ts';

/** Bodies and responses up to this size are not counted: as many bytes as headers may have. */
const smallBytes = 16 * 1024;
/** Of all counted bodies and responses. */
const bytesMaxDefault = 128 * 2 ** 20;

/** Whether the body of a request counts: a small one does not. */
export function isLarge(response: Response): boolean {
  return contextOf(response).counted !== undefined;
}

/**
 * Frees the memory of bytes without a reader. The next full garbage collection would do so, but it comes late
 * for memory outside of the heap: after hundreds of megabytes.
 */
export function freeNow({ buffer, byteLength }: Buffer): void {
  // Small ones share a pool.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}

/**
 * Bounds what bodies and responses hold in memory, over all connections: bodies that are arriving or being answered, and
 * responses that their clients have not read. Beyond the bound, the client that holds most loses its oldest request: a body
 * gets `overloaded`, the connection of a response is closed. Small ones are bounded by the number of connections.
 */
export class RequestBytes {
  readonly bodyBytesMax: number;
  readonly #bytesMax: number;
  readonly #requests = new LinkedList<CountedRequest>();
  #bytes = 0;

  constructor(bodyBytesMax: number) {
    this.bodyBytesMax = bodyBytesMax;
    this.#bytesMax = Math.max(bytesMaxDefault, 2 * bodyBytesMax);
  }

  /** Counts the body that the next handler reads. */
  readonly countBody: RequestHandler = (request, response, next) => {
    const { 'content-length': length, 'content-encoding': encoding = 'identity' } = request.headers;
    const isPlain = encoding.toLowerCase() === 'identity';
    if (isPlain && Number(length) <= smallBytes) {
      next();
      return;
    }
    const counted = this.#open(response);
    const chunks: Buffer[] = [];
    counted.dropChunks = () => chunks.splice(0).forEach(freeNow);
    counted.giveUp = () => {
      request.pause();
      const detail = `request bodies of all clients exceed ${this.#bytesMax} bytes: send it again`;
      next(new Problem('overloaded', detail, [], { 'Retry-After': '1', Connection: 'close' }));
    };
    // A packed body may unpack to as much as a body may have.
    if (!isPlain) this.#add(counted, this.bodyBytesMax);
    else {
      request.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        this.#add(counted, chunk.length);
      });
    }
    request.once('end', () => (counted.giveUp = undefined));
    next();
  };

  /** Counts the body until the work ends, also when its client disconnects meanwhile. */
  async during<Result>(response: Response, work: () => Promise<Result>): Promise<Result> {
    const { counted } = contextOf(response);
    if (counted === undefined || counted.holders === 0) return work();
    counted.holders++;
    try {
      return await work();
    } finally {
      this.#release(counted);
    }
  }

  /** Counts a response that is sent next. Its connection may be closed at once. */
  countResponse(response: Response, bytes: number): void {
    if (bytes <= smallBytes) return;
    const counted = contextOf(response).counted ?? this.#open(response);
    counted.giveUp = () => response.destroy();
    this.#add(counted, bytes);
  }

  #open(response: Response): CountedRequest {
    const context = contextOf(response);
    const counted: CountedRequest = {
      client: context.key?.id ?? response.req.ip ?? '',
      bytes: 0,
      giveUp: undefined,
      dropChunks: () => {},
      holders: 1,
      leave: () => takeOut(),
    };
    const takeOut = this.#requests.add(counted);
    context.counted = counted;
    response.once('close', () => this.#release(counted));
    return counted;
  }

  #add(counted: CountedRequest, bytes: number): void {
    if (counted.holders === 0) return;
    counted.bytes += bytes;
    this.#bytes += bytes;
    while (this.#bytes > this.#bytesMax) {
      const victim = this.#oldestOfLargestClient();
      if (victim === undefined) return;
      const { giveUp } = victim;
      this.#end(victim);
      giveUp!();
    }
  }

  /** Of the client that holds most, among requests that can be given up. O(requests). */
  #oldestOfLargestClient(): CountedRequest | undefined {
    const held = new Map<string, { bytes: number; readonly oldest: CountedRequest }>();
    for (const each of this.#requests) {
      if (each.giveUp === undefined) continue;
      const client = held.get(each.client);
      if (client === undefined) held.set(each.client, { bytes: each.bytes, oldest: each });
      else client.bytes += each.bytes;
    }
    let largest: { bytes: number; readonly oldest: CountedRequest } | undefined;
    for (const client of held.values()) if (client.bytes > (largest?.bytes ?? -1)) largest = client;
    return largest?.oldest;
  }

  #release(counted: CountedRequest): void {
    if (counted.holders > 0 && --counted.holders === 0) this.#end(counted);
  }

  #end(counted: CountedRequest): void {
    counted.holders = 0;
    counted.leave();
    counted.dropChunks();
    this.#bytes -= counted.bytes;
    counted.bytes = 0;
    counted.giveUp = undefined;
  }
}
