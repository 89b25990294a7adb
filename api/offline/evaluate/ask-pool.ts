import { Piscina } from 'piscina';
import type { PinBoardGraph } from '../../../engine/index.ts';
import type { Task, TaskResult } from './evaluate-worker.ts';

/** Worker threads that are asked for some boards after another, of one graph after another. */
export class AskPool {
  readonly threads: number;
  readonly #piscina: Piscina<Task, TaskResult>;
  /** A graph gets to a thread as other objects every time, though over the same memory: numbers tell graphs apart. */
  readonly #numbers = new WeakMap<PinBoardGraph, number>();
  #numbered = 0;
  #isEnding = false;

  constructor(threads: number) {
    this.threads = threads;
    this.#piscina = new Piscina({
      filename: new URL('evaluate-worker.ts', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
    });
    // A thread that answers at the moment of its end is a fault to Piscina, but not here.
    this.#piscina.on('error', (error: Error) => {
      if (!this.#isEnding) throw error;
    });
  }

  async run(task: Omit<Task, 'graphNumber'>): Promise<TaskResult> {
    const graphNumber = this.#numbers.get(task.graph) ?? this.#numbered++;
    this.#numbers.set(task.graph, graphNumber);
    return this.#piscina.run({ ...task, graphNumber });
  }

  /** Ends the threads; what they were asked fails. */
  async destroy(): Promise<void> {
    this.#isEnding = true;
    await this.#piscina.destroy();
  }
}
