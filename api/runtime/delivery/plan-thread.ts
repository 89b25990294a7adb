import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DataError, type DataFolder, type LoadedSnapshot, moduleBeside } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type { PlanPolicy } from '../../notifications/index.ts';
import { valueOf } from '../problem-outcome.ts';
import { threadLimits } from '../threads/index.ts';
import type { FromPlanner, PlanCallName, PlanCalls, PlanWorkerData, ToPlanner } from './plan-messages.ts';

interface Planning {
  readonly worker: Worker;
  readonly snapshot: LoadedSnapshot;
  readonly waiting: Map<number, PromiseWithResolvers<unknown>>;
}

/** Calls that may wait for others. */
const waitingMax = 20;
/** After this time without a call, the thread ends, in milliseconds. */
const idleMsMax = 60_000;

/**
 * Plans notifications in a thread of its own, on the graph that is served: it starts with the first call, and ends when nobody calls any
 * more or the graph is replaced. A server that plans nothing pays nothing for it.
 */
export class PlanThread {
  readonly #folder: DataFolder;
  readonly #policy: PlanPolicy;
  readonly #current: () => LoadedSnapshot | undefined;
  #planning: Planning | undefined;
  #idle: NodeJS.Timeout | undefined;
  #ids = 0;
  #isClosed = false;

  /** `current`: the served snapshot, if any. */
  constructor(folder: DataFolder, policy: PlanPolicy, current: () => LoadedSnapshot | undefined) {
    this.#folder = folder;
    this.#policy = policy;
    this.#current = current;
  }

  /** Undefined without a graph, or with nothing to do. Rejects with `DataError`s, and with `stopped` when the server stops, and for somebody who waits, with the problem `overloaded`. */
  async call<Name extends PlanCallName>(
    name: Name,
    task: PlanCalls[Name]['task'],
  ): Promise<PlanCalls[Name]['result']> {
    const snapshot = this.#current();
    if (snapshot === undefined || this.#isClosed) return undefined;
    const planning = this.#onSnapshot(snapshot);
    if (name === 'preview' && planning.waiting.size >= waitingMax) {
      throw new Problem('overloaded', 'too many plans are waiting', [], { 'Retry-After': '5' });
    }
    clearTimeout(this.#idle);
    const reply = Promise.withResolvers<unknown>();
    const id = ++this.#ids;
    planning.waiting.set(id, reply);
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    planning.worker.postMessage({ id, name, task } satisfies ToPlanner);
    try {
      return (await reply.promise) as PlanCalls[Name]['result'];
    } finally {
      if (planning.waiting.size === 0) {
        this.#idle = setTimeout(() => void this.#end(planning), idleMsMax);
        this.#idle.unref();
      }
    }
  }

  /** A plan in progress ends after its batch, and goes on with the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    if (this.#planning !== undefined) await this.#end(this.#planning);
  }

  #onSnapshot(snapshot: LoadedSnapshot): Planning {
    const before = this.#planning;
    if (before?.snapshot === snapshot) return before;
    // A call in progress ends on the old graph.
    if (before !== undefined) void this.#end(before);
    const workerData: PlanWorkerData = { dataFolder: this.#folder.root, snapshot, policy: this.#policy };
    const worker = new Worker(moduleBeside('plan-worker', import.meta.url), {
      workerData,
      resourceLimits: threadLimits,
    });
    worker.unref();
    const planning: Planning = { worker, snapshot, waiting: new Map() };
    this.#planning = planning;
    let fault: Error = new DataError('stopped', 'stopped; the decisions made so far are kept');
    worker.on('message', ({ id, outcome }: FromPlanner) => {
      const reply = planning.waiting.get(id);
      planning.waiting.delete(id);
      try {
        if ('fault' in outcome) throw new Error(outcome.fault);
        reply?.resolve(valueOf(outcome).result);
      } catch (error) {
        reply?.reject(error);
      }
    });
    worker.once('error', (error) => (fault = error));
    worker.once('exit', () => {
      if (this.#planning === planning) this.#planning = undefined;
      for (const { reject } of planning.waiting.values()) reject(fault);
    });
    return planning;
  }

  async #end(planning: Planning): Promise<void> {
    if (this.#planning === planning) this.#planning = undefined;
    const ended = once(planning.worker, 'exit');
    // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    planning.worker.postMessage({ close: true } satisfies ToPlanner);
    await ended;
  }
}
