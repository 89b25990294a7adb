import { once } from 'node:events';
import { type MessagePort, Worker } from 'node:worker_threads';
import type { DataFolder } from '../../../graph-data/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { Problem } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import { threadLimits } from '../threads/index.ts';
import type { FromModels, ModelWorkerData, ToModels } from './model-messages.ts';

/** How long the first requests wait until interactions are counted, in milliseconds. */
const firstWaitMsMax = 5_000;

interface Followed {
  isReady: boolean;
  readonly settled: Promise<void>;
  readonly settle: (problem: Problem | undefined) => void;
}

/**
 * Models and the counters that they score by, in a thread of their own, which starts with the first request that a model ranks: a
 * server without such requests pays nothing for it. The threads that walk send it candidates and wait for the scores.
 */
export class ModelThread {
  readonly #folder: DataFolder;
  readonly #onFault: (fault: string) => void;
  readonly #followed = new Map<string, Followed>();
  #worker: Worker | undefined;
  #lastFault: string | undefined;

  constructor(folder: DataFolder, onFault: (fault: string) => void) {
    this.#folder = folder;
    this.#onFault = onFault;
  }

  /**
   * Resolves when the models that rank some requests can score; undefined if they can: a request without a model does not wait for a turn.
   * Rejects with `unknown-model` when there is no active one, and `model-not-ready` while a long log is counted.
   */
  ready(requests: readonly RecommendationRequest[]): Promise<void> | undefined {
    const missing = requests
      .filter(({ pipeline, target }) => pipeline.score.model !== '' && target === 'pins')
      .map(({ pipeline }) => pipeline.score.model)
      .filter((model) => this.#followed.get(model)?.isReady !== true);
    return missing.length === 0 ? undefined : this.#allReady(missing);
  }

  async #allReady(models: readonly string[]): Promise<void> {
    for (const model of models) {
      const { promise, resolve } = Promise.withResolvers<'late'>();
      const timer = setTimeout(() => resolve('late'), firstWaitMsMax);
      const outcome = await Promise.race([this.#follow(model).settled, promise]);
      clearTimeout(timer);
      if (outcome === 'late') {
        const detail = `the interactions that the model of "${model}" needs are being counted: send it again`;
        throw new Problem('model-not-ready', detail, [], { 'Retry-After': '5' });
      }
    }
  }

  /** The labels whose active model can score now; begins to make the others ready. */
  readyOf(labels: readonly string[]): string[] {
    const isReady = (label: string): boolean => this.#followed.get(label)?.isReady === true;
    for (const label of labels) if (!isReady(label)) this.#follow(label);
    return labels.filter(isReady);
  }

  /** Takes the port of a thread that walks. */
  connect(port: MessagePort): void {
    this.#send({ connect: port }, [port]);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = once(worker, 'exit');
    this.#send({ close: true });
    await ended;
  }

  #follow(label: string): Followed {
    const known = this.#followed.get(label);
    if (known !== undefined) return known;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Those who wait get it; nobody may.
    promise.catch(() => {});
    const settle = (problem: Problem | undefined): void => (problem === undefined ? resolve() : reject(problem)); // prettier-ignore
    const followed = { isReady: false, settled: promise, settle };
    this.#followed.set(label, followed);
    this.#send({ follow: label });
    return followed;
  }

  #onMessage({ label, problem }: FromModels): void {
    const followed = this.#followed.get(label)!;
    if (problem === undefined) followed.isReady = true;
    else if (!followed.isReady) this.#followed.delete(label);
    followed.settle(problem && new Problem(problem.code, problem.detail));
    if (problem !== undefined && followed.isReady && problem.detail !== this.#lastFault) {
      this.#onFault(`the model of "${label}" is served as it was: ${problem.detail}`);
    }
    this.#lastFault = problem?.detail;
  }

  #onEnd(fault: Error | undefined): void {
    this.#worker = undefined;
    const waiting = [...this.#followed.values()];
    this.#followed.clear();
    for (const { settle } of waiting)
      settle(new Problem('model-not-ready', 'the thread of models has ended'));
    if (fault !== undefined) this.#onFault(`the thread of models failed: ${fault.message}`);
  }

  #send(message: ToModels, ports: readonly MessagePort[] = []): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(message, ports);
  }

  #start(): Worker {
    const data: ModelWorkerData = { dataFolder: this.#folder.root };
    const worker = new Worker(moduleBeside('model-worker', import.meta.url), {
      workerData: data,
      resourceLimits: threadLimits,
    });
    worker.on('message', (message: FromModels) => this.#onMessage(message));
    let fault: Error | undefined;
    worker.once('error', (error) => (fault = error));
    worker.once('exit', () => this.#onEnd(fault));
    return worker;
  }
}
