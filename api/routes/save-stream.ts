import { setTimeout as pause } from 'node:timers/promises';
import { type Change, type ChangeResult, type Line, linesOf } from '../../graph-data/index.ts';
import type { RequestContext, RouteRequest } from '../http/index.ts';
import { validate, Problem } from '../base/index.ts';
import { ClientGone } from '../runtime/serving/index.ts';
import type { Service } from '../service.ts';
import { type SaveInput, saveSchema } from '../contract/index.ts';
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

interface StreamReport {
  /** Saves that were added, or removed. */
  readonly made: number;
  readonly unmade: number;
  readonly rejected: number;
  readonly rejects: readonly { readonly line: number; readonly detail: string }[];
}

/**
 * Writes the lines of a body of any length. Holds two batches at most: while one becomes durable it reads the next, and then
 * it lets the client wait, as it does at the client's rate limit. Lines before a storage failure stay written, and the
 * problem says how many.
 */
export async function writeStream(
  { writes, turns, wallClock }: Pick<Service, 'writes' | 'turns' | 'wallClock'>,
  { express, response, context, signal }: RouteRequest<never, never, undefined>,
  changeOf: (save: SaveInput) => Change,
  made: ChangeResult,
): Promise<StreamReport> {
  assertPlain(express.headers);
  const report = { made: 0, unmade: 0, rejected: 0, rejects: [] as { line: number; detail: string }[] };
  let [batch, lines]: [Change[], number[]] = [[], []];
  let underWay: Promise<void> = Promise.resolve();
  let durableLines = 0;
  const { client } = context;

  const reject = (line: number, detail: string): void => {
    report.rejected++;
    if (report.rejects.length < rejectsMax) report.rejects.push({ line, detail });
  };
  const writeBatch = async (changes: readonly Change[], numbers: readonly number[]): Promise<void> => {
    for (;;) {
      try {
        const outcome = await writes.write({ changes, time: wallClock(), isWhole: false }, client);
        if (outcome.state !== 'done') throw new Error(`a batch that is not whole was ${outcome.state}`);
        for (const { index, reason } of outcome.refused) reject(numbers[index]!, reason);
        for (const result of outcome.results) {
          if (result === made) report.made++;
          else if (result !== null) report.unmade++;
        }
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
        const save = readSave(line);
        if (typeof save === 'string') {
          reject(line.line, save);
          continue;
        }
        batch.push(changeOf(save));
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
  report.rejects.sort((a, b) => a.line - b.line);
  return report;
}

async function withinRate({ countCall }: RequestContext, signal: AbortSignal): Promise<void> {
  for (let waitMs = countCall?.() ?? 0; waitMs > 0; waitMs = countCall?.() ?? 0) {
    // Looks again soon: the limit may change.
    await pause(Math.min(waitMs, 1_000), undefined, { signal });
  }
}

/** The save of a line, or why it is invalid. */
function readSave({ text, fault }: Line): SaveInput | string {
  if (fault !== undefined) return fault;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'is not valid JSON';
  }
  try {
    return validate(saveSchema, value);
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

function assertPlain(headers: RouteRequest<never, never, undefined>['express']['headers']): void {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    throw new Problem('unsupported-media-type', 'send a stream without Content-Encoding');
  }
  if (headers['idempotency-key'] !== undefined) {
    throw invalidIdempotencyKey(
      'not for streams, which may be repeated as they are: existing saves stay unchanged',
    );
  }
}
