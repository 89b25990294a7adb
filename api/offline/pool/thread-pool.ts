import { setTimeout } from 'node:timers/promises';
import { Piscina } from 'piscina';
import type { PoolData } from './report-loaded.ts';

/** A thread that has not loaded its code after this time has failed to. */
const loadMsMax = 10_000;
const pollMs = 5;

/** Threads that run the function which a file exports by default; the file calls `reportLoaded`. */
export class ThreadPool<Task, Result> {
  readonly #threads: number;
  readonly #piscina: Piscina<Task, Result>;
  readonly #loaded = new Int32Array(new SharedArrayBuffer(4));
  #isEnding = false;

  constructor(file: URL, threads: number, data: object = {}) {
    this.#threads = threads;
    this.#piscina = new Piscina({
      filename: file.href,
      minThreads: threads,
      maxThreads: threads,
      workerData: { ...data, loaded: this.#loaded } satisfies PoolData,
      recordTiming: false,
    });
    // Piscina reports a result that arrives while its thread ends as an error.
    this.#piscina.on('error', (error: Error) => {
      if (!this.#isEnding) throw error;
    });
  }

  run(task: Task): Promise<Result> {
    return this.#piscina.run(task);
  }

  /** Ends the threads once they have loaded their code; their tasks fail. */
  async destroy(): Promise<void> {
    this.#isEnding = true;
    const deadline = performance.now() + loadMsMax;
    // To terminate a thread while it loads native code, or Node a module, would abort the process.
    while (Atomics.load(this.#loaded, 0) < this.#threads && performance.now() < deadline) {
      await setTimeout(pollMs);
    }
    await this.#piscina.destroy();
  }
}
