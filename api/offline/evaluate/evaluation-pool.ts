import { Piscina } from 'piscina';
import type { GraphAnalysis, LinearBuildParams, PinBoardGraph } from '../../../engine/index.ts';
import { GraphAnalyses } from './analysis.ts';
import type { Task, TaskResult } from './evaluate-worker.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';

/** Worker threads that serve several evaluations, and the cached analyses of their graphs. */
export class EvaluationPool {
  readonly threads: number;
  readonly #piscina: Piscina<Task, readonly TaskResult[]>;
  readonly #analyses: GraphAnalyses;
  /** A thread receives new objects over the same memory with each task: the number identifies the graph. */
  readonly #numbers = new WeakMap<PinBoardGraph, number>();
  #nextNumber = 0;
  #isEnding = false;

  /** `linear`: how item weights are computed. */
  constructor(threads: number, linear: Partial<LinearBuildParams> = {}) {
    this.threads = threads;
    this.#analyses = new GraphAnalyses(threads, linear);
    this.#piscina = new Piscina({
      filename: moduleBeside('evaluate-worker', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
    });
    // Piscina reports a result that arrives while its thread ends as an error.
    this.#piscina.on('error', (error: Error) => {
      if (!this.#isEnding) throw error;
    });
  }

  async run(task: Omit<Task, 'graphNumber' | 'analysis'>): Promise<readonly TaskResult[]> {
    const graphNumber = this.#numbers.get(task.graph) ?? this.#nextNumber++;
    this.#numbers.set(task.graph, graphNumber);
    const analysis: GraphAnalysis = {};
    for (const pipeline of task.pipelines) {
      const needed = Object.entries(await this.#analyses.for(task.graph, pipeline));
      Object.assign(analysis, Object.fromEntries(needed.filter(([, each]) => each !== undefined)));
    }
    return this.#piscina.run({ ...task, analysis, graphNumber });
  }

  /** Ends the threads; their tasks fail. */
  async destroy(): Promise<void> {
    this.#isEnding = true;
    await this.#piscina.destroy();
  }
}
