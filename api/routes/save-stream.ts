import { setTimeout as pause } from 'node:timers/promises';
import { type Change, type ChangeResult, type Line, linesOf } from '../../graph-data/index.ts';
import type { RouteRequest } from '../http/index.ts';
import { validate, Problem } from '../base/index.ts';
import { ClientGone } from '../runtime/serving/index.ts';
import type { Service } from '../service.ts';
import { type SaveInput, saveSchema } from '../contract/index.ts';

export const streamType = 'application/x-ndjson';

const batchSize = 10_000;
const rejectsMax = 1_000;
/** Between two tries to hand a batch over, while others have filled the writer's queue. */
const pauseMs = 20;

export interface StreamReport {
  /** Lines that changed something. */
  readonly made: number;
  readonly unmade: number;
  readonly rejected: number;
  readonly rejects: readonly { readonly line: number; readonly detail: string }[];
}

/**
 * Writes the lines of a body of any length, of which it holds two batches at most: while one becomes durable the next is
 * read, and then the client has to wait. Lines before a fault of the disk stay written, and the problem says how many.
 */
export async function writeStream(
  { writes, wallClock }: Pick<Service, 'writes' | 'wallClock'>,
  { express, response, signal }: RouteRequest<never, never, undefined>,
  changeOf: (save: SaveInput) => Change,
  made: ChangeResult,
): Promise<StreamReport> {
  assertPlain(express.headers);
  const report = { made: 0, unmade: 0, rejected: 0, rejects: [] as { line: number; detail: string }[] };
  let [batch, lines]: [Change[], number[]] = [[], []];
  let underWay: Promise<void> = Promise.resolve();
  let durableLines = 0;

  const reject = (line: number, detail: string): void => {
    report.rejected++;
    if (report.rejects.length < rejectsMax) report.rejects.push({ line, detail });
  };
  const writeBatch = async (changes: readonly Change[], numbers: readonly number[]): Promise<void> => {
    for (;;) {
      try {
        const outcome = await writes.write({ changes, time: wallClock(), isWhole: false });
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
    // It is looked at when the next batch is full: until then nobody has failed to.
    underWay.catch(() => {});
    [batch, lines] = [[], []];
  };

  try {
    // Not destroyed when this stops half-way: an answer is still to be sent.
    for await (const some of linesOf(express.iterator({ destroyOnReturn: false }))) {
      for (const line of some) {
        const save = readSave(line);
        if (typeof save === 'string') {
          reject(line.line, save);
          continue;
        }
        batch.push(changeOf(save));
        lines.push(line.line);
        if (batch.length === batchSize) await handOver();
      }
    }
    if (batch.length > 0) await handOver();
    await underWay;
  } catch (error) {
    if (express.destroyed && !express.complete) throw new ClientGone();
    // Nobody reads the rest of the body.
    response.setHeader('Connection', 'close');
    if (!(error instanceof Problem)) throw error;
    const detail = `${error.message}; of this stream the lines up to ${durableLines} are written: send the others again`;
    throw new Problem(error.code, detail, error.errors, error.headers);
  }
  report.rejects.sort((a, b) => a.line - b.line);
  return report;
}

/** The save of a line, or what is wrong with it. */
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
    const detail = 'a stream takes none: it may be sent again as it is, since what is there stays';
    throw new Problem('invalid-request', `Idempotency-Key: ${detail}`, [
      { pointer: '/Idempotency-Key', code: 'invalid-format', detail },
    ]);
  }
}
