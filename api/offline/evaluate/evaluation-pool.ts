import { Piscina } from 'piscina';
import type { PinBoardGraph } from '../../../engine/index.ts';
import { Analyses } from './analysis.ts';
import type { Task, TaskResult } from './evaluate-worker.ts';

/** Worker threads for one evaluation after another, and what they have learned of the graphs. */
export class EvaluationPool {
  readonly threads: number;
  readonly #piscina: Piscina<Task, TaskResult>;
  readonly #analyses = new Analyses();
  /** A graph reaches a thread as new objects every time, though over the same memory: its number identifies it. */
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
    // To Piscina, a result that arrives as its thread ends is a fault.
    this.#piscina.on('error', (error: Error) => {
      if (!this.#isEnding) throw error;
    });
  }

  async run(task: Omit<Task, 'graphNumber' | 'analysis'>): Promise<TaskResult> {
    const graphNumber = this.#numbers.get(task.graph) ?? this.#numbered++;
    this.#numbers.set(task.graph, graphNumber);
    const analysis = this.#analyses.for(task.graph, task.pipeline);
    return this.#piscina.run({ ...task, analysis, graphNumber });
  }

  /** Ends the threads; their tasks fail. */
  async destroy(): Promise<void> {
    this.#isEnding = true;
    await this.#piscina.destroy();
  }
}
