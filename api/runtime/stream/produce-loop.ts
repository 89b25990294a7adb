import { messageOf, moduleBeside } from '../../../graph-data/index.ts';
import type { Positions } from '../serving/index.ts';
import { Attempts } from './attempts.ts';
import { Lag } from './lag.ts';
import type { ProduceWorkerData } from './produce-worker.ts';
import { type Reply, StreamThread } from './stream-thread.ts';
import type { WrittenChanges } from './topic-writer.ts';

interface ProduceDeps {
  readonly task: ProduceWorkerData;
  readonly committed: Positions;
  readonly onFault: (fault: string) => void;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** How long it waits for a change: then the topic is known to have them all. */
const waitMs = 500;

/** Writes each change of the log to a topic, as soon as it is durable. */
export class ProduceLoop {
  readonly #deps: ProduceDeps;
  readonly #stop = new AbortController();
  readonly lag: Lag;
  /** Records since the start. */
  written = 0;
  #thread: StreamThread<WrittenChanges> | undefined;
  #ended: Promise<void> = Promise.resolve();
  /** Up to which the topic is known to have the log. */
  #position = -1;

  constructor(deps: ProduceDeps) {
    this.#deps = deps;
    this.lag = new Lag(deps.now);
  }

  start(): void {
    this.#ended = this.#run();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#thread?.close();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { committed, task, now, onFault } = this.#deps;
    const { signal } = this.#stop;
    const attempts = new Attempts({
      failing: `cannot write changes to ${task.topic}`,
      working: `writes changes to ${task.topic} again`,
      onFault,
      signal,
    });
    for (;;) {
      const isNew = await committed.reached(this.#position + 1, attempts.isFailing ? 0 : waitMs, signal);
      if (signal.aborted) return;
      const at = now();
      const fault = isNew || attempts.isFailing ? await this.#write() : undefined;
      if (fault !== undefined) {
        await attempts.failed(fault);
        continue;
      }
      attempts.succeeded();
      this.lag.behind = Math.max(0, committed.current - this.#position);
      if (this.lag.behind === 0 || !isNew) this.lag.caughtUp(at);
    }
  }

  /** Returns what went wrong. */
  async #write(): Promise<string | undefined> {
    this.#thread ??= new StreamThread(moduleBeside('produce-worker', import.meta.url), this.#deps.task);
    let reply: Reply<WrittenChanges>;
    try {
      reply = await this.#thread.call();
    } catch (error) {
      this.#thread = undefined;
      return messageOf(error);
    }
    if ('fault' in reply) return reply.fault;
    this.#position = reply.result.position;
    this.written += reply.result.written;
    return undefined;
  }
}
