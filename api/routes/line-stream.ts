import { setTimeout as pause } from 'node:timers/promises';
import { type Line, linesOf } from '../../graph-data/index.ts';
import type { RequestContext, RouteRequest } from '../http/index.ts';
import { Problem } from '../base/index.ts';
import { ClientGone } from '../runtime/serving/index.ts';
import type { Service } from '../service.ts';
import { invalidIdempotencyKey } from './write.ts';

export const streamType = 'application/x-ndjson';

const batchSize = 10_000;
/** While other clients or streams write too: what one waits for is small then, and shares a commit. */
const crowdedBatchSize = 1_000;
/** Lines that count as one call of the client's rate limit. */
const linesPerCall = 1_000;
/** How long lines are parsed before other requests get a turn. */
const sliceMsMax = 5;
const rejectsMax = 1_000;
/** Between attempts to write a batch while the writer's queue is full. */
const pauseMs = 20;

/** The rejected lines of a stream, the first of them with their reasons. */
export class Rejects {
  rejected = 0;
  readonly #listed: { line: number; detail: string }[] = [];

  add(line: number, detail: string): void {
    this.rejected++;
    if (this.#listed.length < rejectsMax) this.#listed.push({ line, detail });
  }

  report(): { readonly rejected: number; readonly rejects: { line: number; detail: string }[] } {
    return { rejected: this.rejected, rejects: this.#listed.toSorted((a, b) => a.line - b.line) };
  }
}

interface StreamWriting<Item> {
  readonly writes: { readonly isShared: boolean; readonly changesWaiting: number };
  /** What to write of a line; undefined if it was rejected. */
  readonly itemOf: (line: Line) => Item | undefined;
  /** Makes a batch durable. `lines`: the numbers of its lines. */
  readonly write: (
    batch: readonly Item[],
    lines: readonly number[],
    client: string | undefined,
  ) => Promise<void>;
}

/**
 * Writes the lines of a body of any length. Holds two batches at most: while one becomes durable it reads the next, and then
 * it lets the client wait, as it does at the client's rate limit. Lines before a storage failure stay written, and the
 * problem says how many.
 */
export async function writeLines<Item>(
  { turns }: Pick<Service, 'turns'>,
  { express, response, context, signal }: RouteRequest<never, never, undefined>,
  { writes, itemOf, write }: StreamWriting<Item>,
): Promise<void> {
  assertPlain(express.headers);
  let [batch, lines]: [Item[], number[]] = [[], []];
  let underWay: Promise<void> = Promise.resolve();
  let durableLines = 0;

  const writeBatch = async (items: readonly Item[], numbers: readonly number[]): Promise<void> => {
    for (;;) {
      try {
        await write(items, numbers, context.client);
        durableLines = numbers.at(-1)!;
        return;
      } catch (error) {
        if (!(error instanceof Problem && error.code === 'overloaded')) throw error;
        if (signal.aborted) throw new ClientGone();
        await pause(pauseMs);
      }
    }
  };
  const handOver = async (): Promise<void> => {
    await underWay;
    underWay = writeBatch(batch, lines);
    // Awaited with the next batch: until then a rejection is not unhandled.
    underWay.catch(() => {});
    [batch, lines] = [[], []];
  };
  let linesRead = 0;
  let began = performance.now();
  /** Called for each line. Waits when the client has reached its rate limit, or when others are due. */
  const letOthers = async (): Promise<void> => {
    if (++linesRead % linesPerCall === 0) await withinRate(context, signal);
    if (performance.now() - began < sliceMsMax) return;
    await turns.next();
    began = performance.now();
  };

  try {
    // Stopping half-way must not destroy the request: a response follows.
    for await (const chunk of linesOf(express.iterator({ destroyOnReturn: false }))) {
      // Chunks of many streams may arrive together.
      await turns.next();
      began = performance.now();
      for (const line of chunk) {
        await letOthers();
        const item = itemOf(line);
        if (item === undefined) continue;
        batch.push(item);
        lines.push(line.line);
        const isCrowded = writes.isShared || writes.changesWaiting > batchSize;
        if (batch.length >= (isCrowded ? crowdedBatchSize : batchSize)) await handOver();
      }
    }
    if (batch.length > 0) await handOver();
    await underWay;
  } catch (error) {
    if (signal.aborted || (express.destroyed && !express.complete)) throw new ClientGone();
    // The rest of the body stays unread.
    response.setHeader('Connection', 'close');
    if (!(error instanceof Problem)) throw error;
    const detail = `${error.message}; lines up to ${durableLines} of this stream are written: send the others again`;
    throw new Problem(error.code, detail, error.errors, error.headers);
  }
}

async function withinRate({ countCall }: RequestContext, signal: AbortSignal): Promise<void> {
  for (let waitMs = countCall?.() ?? 0; waitMs > 0; waitMs = countCall?.() ?? 0) {
    // Looks again soon: the limit may change.
    await pause(Math.min(waitMs, 1_000), undefined, { signal });
  }
}

function assertPlain(headers: RouteRequest<never, never, undefined>['express']['headers']): void {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new Problem('unsupported-media-type', 'send a stream without Content-Encoding');
  }
  if (headers['idempotency-key'] !== undefined) {
    throw invalidIdempotencyKey(
      'not for streams, which may be repeated as they are: what exists stays unchanged',
    );
  }
}
