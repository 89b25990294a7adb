import type { GraphAnalysis, LinearBuildParams, PinBoardGraph } from '../../../engine/index.ts';
import { GraphAnalyses } from './analysis.ts';
import type { Task, TaskResult } from './evaluate-worker.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { ThreadPool } from '../pool/index.ts';

/** Worker threads that serve several evaluations, and the cached analyses of their graphs. */
export class EvaluationPool {
  readonly threads: number;
  readonly #pool: ThreadPool<Task, readonly TaskResult[]>;
  readonly #analyses: GraphAnalyses;
  /** A thread receives new objects over the same memory with each task: the number identifies the graph. */
  readonly #numbers = new WeakMap<PinBoardGraph, number>();
  #nextNumber = 0;

  /** `linear`: how item weights are computed. */
  constructor(threads: number, linear: Partial<LinearBuildParams> = {}) {
    this.threads = threads;
    this.#analyses = new GraphAnalyses(threads, linear);
    this.#pool = new ThreadPool(moduleBeside('evaluate-worker', import.meta.url), threads);
  }

  async run(task: Omit<Task, 'graphNumber' | 'analysis'>): Promise<readonly TaskResult[]> {
    const graphNumber = this.#numbers.get(task.graph) ?? this.#nextNumber++;
    this.#numbers.set(task.graph, graphNumber);
    const analysis: GraphAnalysis = {};
    for (const pipeline of task.pipelines) {
      const needed = Object.entries(await this.#analyses.for(task.graph, pipeline));
      Object.assign(analysis, Object.fromEntries(needed.filter(([, each]) => each !== undefined)));
    }
    return this.#pool.run({ ...task, analysis, graphNumber });
  }

  /** Ends the threads; their tasks fail. */
  destroy(): Promise<void> {
    return this.#pool.destroy();
  }
}
