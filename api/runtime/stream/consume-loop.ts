import { type ConsumedOffset, messageOf, moduleBeside } from '../../../graph-data/index.ts';
import type { RecordRole } from '../../contract/index.ts';
import { Attempts } from './attempts.ts';
import type { KafkaConnection } from './connection.ts';
import type { ConsumeWorkerData } from './consume-worker.ts';
import { Lag } from './lag.ts';
import { StreamThread } from './stream-thread.ts';
import type { TakenRecords } from './topic-reader.ts';

type Taken<Role extends RecordRole> = TakenRecords<Role>;

interface ConsumeDeps<Role extends RecordRole> {
  readonly connection: KafkaConnection;
  readonly topics: ReadonlyMap<Role, string>;
  /** How far the topics were read. Called before they are read on, when nothing of them is being written. */
  readonly stored: (topics: readonly string[]) => readonly ConsumedOffset[];
  /** Makes records durable with their offsets; undefined if the topics were read up to elsewhere. */
  readonly write: (block: Taken<Role>['block']) => Promise<{ readonly rejected: number } | undefined>;
  readonly onFault: (fault: string) => void;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** Counts since the start. */
export interface ConsumeStats {
  readonly records: number;
  /** The rejected ones of these, in files. */
  readonly rejected: number;
  /** Dropped by their topics before they were read. */
  readonly missed: number;
}

/**
 * Takes records of topics into the database; it reads a block while it writes the one before. After a fault of
 * a broker it continues where it was; after a fault of the storage, from the stored offsets.
 */
export class ConsumeLoop<Role extends RecordRole> {
  readonly #deps: ConsumeDeps<Role>;
  readonly #stop = new AbortController();
  readonly lag: Lag;
  #thread: StreamThread<Taken<Role>> | undefined;
  #ended: Promise<void> = Promise.resolve();
  #stats: ConsumeStats = { records: 0, rejected: 0, missed: 0 };
  readonly #attempts: Attempts;

  constructor(deps: ConsumeDeps<Role>) {
    this.#deps = deps;
    this.lag = new Lag(deps.now);
    const names = [...deps.topics.values()].join(', ');
    this.#attempts = new Attempts({
      failing: `cannot take over ${names}`,
      working: `takes over ${names} again`,
      onFault: deps.onFault,
      signal: this.#stop.signal,
    });
  }

  get stats(): ConsumeStats {
    return this.#stats;
  }

  start(): void {
    this.#ended = this.#run();
  }

  /** A block that is being written is written to its end. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#thread?.close();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { connection, topics, stored } = this.#deps;
    while (!this.#stop.signal.aborted) {
      const workerData: ConsumeWorkerData = { connection, topics, stored: stored([...topics.values()]) };
      this.#thread = new StreamThread(moduleBeside('consume-worker', import.meta.url), workerData);
      try {
        await this.#consume(this.#thread);
      } catch (error) {
        await this.#attempts.failed(messageOf(error));
      } finally {
        await this.#thread.close();
      }
    }
  }

  async #consume(thread: StreamThread<Taken<Role>>): Promise<void> {
    /** Blocks that are being written, in order: one waits while the one before it is committed. */
    const underWay: Promise<void>[] = [];
    try {
      for (let next = thread.call(); ;) {
        const reply = await next;
        if ('fault' in reply) {
          await this.#attempts.failed(reply.fault);
          next = thread.call();
          continue;
        }
        const at = this.#deps.now();
        next = thread.call();
        const { block, behind, missed } = reply.result;
        if (missed > 0) this.#reportMissed(missed);
        this.lag.behind = behind + block.offsets.length;
        // That nothing came says that all is stored only once it is.
        if (block.parts.length === 0) await Promise.all(underWay.splice(0));
        const writing = this.#write(reply.result, at);
        // Its error is met when its turn comes.
        writing.catch(() => {});
        underWay.push(writing);
        if (underWay.length > 1) await underWay.shift();
      }
    } finally {
      await Promise.allSettled(underWay);
    }
  }

  /** After a block that failed, a later one does not begin where the topics were left, and fails as well. */
  async #write({ block, behind }: Taken<Role>, at: number): Promise<void> {
    if (block.parts.length > 0) {
      const written = await this.#deps.write(block);
      if (written === undefined) throw new Error('another process has taken over records');
      const { records, rejected, missed } = this.#stats;
      this.#stats = {
        records: records + block.offsets.length,
        rejected: rejected + written.rejected,
        missed,
      };
    }
    this.lag.behind = behind;
    if (behind === 0) this.lag.caughtUp(at);
    this.#attempts.succeeded();
  }

  #reportMissed(missed: number): void {
    this.#stats = { ...this.#stats, missed: this.#stats.missed + missed };
    this.#deps.onFault(
      `Kafka: ${missed} records were dropped by their topics before they were read: see retention.ms`,
    );
  }
}
