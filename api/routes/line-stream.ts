import { setTimeout as pause } from 'node:timers/promises';
import { type LineBlock, blocksOf } from '../../graph-data/index.ts';
import type { RequestContext, RouteRequest } from '../http/index.ts';
import { Problem } from '../base/index.ts';
import { ClientGone } from '../runtime/serving/index.ts';
import type { CommitThread, Queued, Writes } from '../runtime/writing/index.ts';
import type { Service } from '../service.ts';
import { invalidIdempotencyKey } from './write.ts';

export const streamType = 'application/x-ndjson';

/** Changes of a stream that may be on their way to the disk: twice as many as a commit has, so the next commit is as large. */
const changesAhead = 100_000;
/** While other clients or streams write too. */
const changesAheadShared = 2_000;
/** Others write too if so many of their changes wait. */
const changesOfOthers = 10_000;
/** Of one block, some milliseconds of work. */
const linesPerBlock = 1_000;
/** Longer lines count as several: they take memory until they are checked. */
const bytesPerLine = 400;
const bytesPerBlock = linesPerBlock * bytesPerLine;
/** Lines that count as one call of the client's rate limit. */
const linesPerCall = 1_000;
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

interface StreamWriting {
  readonly writes: Pick<CommitThread<Writes>, 'isShared' | 'changesWaiting' | 'hasRoom'>;
  /** Makes a block durable. */
  readonly write: (block: LineBlock, queued: Queued) => Promise<void>;
}

/**
 * Writes the lines of a body of any length, in blocks that the writer thread parses. Reads ahead while blocks become durable, as
 * many as share the next commit, and then lets the client wait, as it does at the client's rate limit. Lines before a storage failure
 * stay written, and the problem says how many.
 */
export async function writeLines(
  { turns }: Pick<Service, 'turns'>,
  { express, response, context, signal }: RouteRequest<never, never, undefined>,
  { writes, write }: StreamWriting,
): Promise<void> {
  assertPlain(express.headers);
  const { client = '' } = context;
  const underWay = new Set<Promise<void>>();
  let [changesUnderWay, durableLines, linesRead] = [0, 0, 0];
  /** Of blocks; the first is reported. */
  const failures: unknown[] = [];

  const writeBlock = async (block: LineBlock, changes: number): Promise<void> => {
    changesUnderWay += changes;
    try {
      await write(block, { changes, client, isOfStream: true });
      // Blocks end in their order. After a failure, later ones may be written without the one that failed.
      if (failures.length === 0) durableLines = block.line + block.lines - 1;
    } catch (error) {
      failures.push(error);
    }
    changesUnderWay -= changes;
  };
  const room = async (changes: number): Promise<void> => {
    while (failures.length === 0 && underWay.size > 0) {
      const areOthers = writes.isShared || writes.changesWaiting - changesUnderWay > changesOfOthers;
      if (changesUnderWay + changes <= (areOthers ? changesAheadShared : changesAhead)) break;
      await Promise.race(underWay);
    }
    while (failures.length === 0 && !writes.hasRoom({ changes, client, isOfStream: true })) {
      if (signal.aborted) throw new ClientGone();
      await pause(pauseMs);
    }
    if (failures.length > 0) throw failures[0];
  };

  try {
    // Stopping half-way must not destroy the request: a response follows.
    const arriving = blocksOf(express.iterator({ destroyOnReturn: false }), linesPerBlock);
    for await (const block of merged(arriving)) {
      for (let calls = callsOf(linesRead + block.lines) - callsOf(linesRead); calls > 0; calls--) {
        await withinRate(context, signal);
      }
      linesRead += block.lines;
      const changes = Math.max(block.lines, Math.ceil(block.bytes.length / bytesPerLine));
      await room(changes);
      // Of a shared buffer, the other thread would get all.
      const own = { ...block, bytes: Uint8Array.from(block.bytes) };
      const written = writeBlock(own, changes).finally(() => underWay.delete(written));
      underWay.add(written);
      // Chunks of many streams may arrive together.
      await turns.next();
    }
    await Promise.all(underWay);
    if (failures.length > 0) throw failures[0];
  } catch (error) {
    await Promise.all(underWay);
    if (signal.aborted || (express.destroyed && !express.complete)) throw new ClientGone();
    // The rest of the body stays unread.
    response.setHeader('Connection', 'close');
    if (!(error instanceof Problem)) throw error;
    const detail = `${error.message}; lines up to ${durableLines} of this stream are written: send the others again`;
    throw new Problem(error.code, detail, error.errors, error.headers);
  }
}

/** Short blocks together, so that a stream of few lines has one commit, however it arrives. */
async function* merged(blocks: AsyncIterable<LineBlock>): AsyncGenerator<LineBlock> {
  let [parts, lines, bytes]: [LineBlock[], number, number] = [[], 0, 0];
  for await (const block of blocks) {
    const isWhole = block.fault === undefined && parts[0]?.fault === undefined;
    const fits = lines + block.lines <= linesPerBlock && bytes + block.bytes.length <= bytesPerBlock;
    if (parts.length > 0 && !(isWhole && fits)) {
      yield joined(parts, lines);
      [parts, lines, bytes] = [[], 0, 0];
    }
    parts.push(block);
    lines += block.lines;
    bytes += block.bytes.length;
  }
  if (parts.length > 0) yield joined(parts, lines);
}

function joined(parts: readonly LineBlock[], lines: number): LineBlock {
  const [first] = parts;
  return parts.length === 1
    ? first!
    : { ...first!, lines, bytes: Buffer.concat(parts.map((part) => part.bytes)) };
}

function callsOf(lines: number): number {
  return Math.floor(lines / linesPerCall);
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
