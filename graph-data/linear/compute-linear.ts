import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import {
  type LinearBuildParams,
  type LinearWeights,
  type PinBoardGraph,
  countedBoards,
  linearColumns,
  nodeCount,
  sharedInt32Array,
  sizedParams,
  weightsBySource,
} from '../../engine/index.ts';
import { moduleBeside } from '../base/index.ts';
import { stoppedError } from '../errors.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { type LinearTask, runLinearTask } from './linear-task.ts';

interface ComputeOptions {
  /** Default: one per core. */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of pins that are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Fewer pins than this are not worth a thread. */
const pinsPerThreadMin = 2_000;
const pollMs = 100;

/**
 * The item weights of a graph ({@link Regression}), on several threads. Equal graphs and parameters give equal bytes, on
 * any number of threads: every pin is computed alone. Throws `stopped` if the signal is aborted.
 */
export async function computeLinear(
  graph: PinBoardGraph,
  given: LinearBuildParams,
  { threads = availableParallelism(), signal, onProgress }: ComputeOptions = {},
): Promise<LinearWeights> {
  const pinCount = nodeCount(graph.pinToBoard);
  const params = sizedParams(given, pinCount);
  const task: LinearTask = {
    boardToPin: graph.boardToPin,
    boards: countedBoards(graph, params),
    params,
    columns: linearColumns(graph, params),
    progress: sharedInt32Array(2),
  };
  const report = (): void => onProgress?.(Atomics.load(task.progress, 1), pinCount);
  report();
  const threadCount = Math.min(threads, Math.floor(pinCount / pinsPerThreadMin));
  if (threadCount > 1) await runInThreads(task, threadCount, signal, report);
  else {
    for (const _ of runLinearTask(task)) {
      await yieldToEventLoop(signal);
      report();
    }
  }
  return weightsBySource(task.columns);
}

async function runInThreads(
  task: LinearTask,
  count: number,
  signal: AbortSignal | undefined,
  report: () => void,
): Promise<void> {
  const file = moduleBeside('linear-worker', import.meta.url);
  const workers = Array.from({ length: count }, () => new Worker(file, { workerData: task }));
  const timer = setInterval(report, pollMs);
  const stopped = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(stoppedError()), { once: true });
  });
  try {
    if (signal?.aborted === true) throw stoppedError();
    await Promise.race([Promise.all(workers.map((worker) => once(worker, 'exit'))), stopped]);
    report();
  } finally {
    clearInterval(timer);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
