import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type PinBoardGraph, nodeCount, sharedInt32Array } from '../../engine/graph/index.ts';
import {
  type LinearBuildParams,
  type LinearWeights,
  boardKernel,
  countedBoards,
  hasKernel,
  linearColumns,
  sizedParams,
  weightsBySource,
} from '../../engine/linear/index.ts';
import { moduleBeside } from '../base/index.ts';
import { stoppedError } from '../errors.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { type LinearTask, runLinearTask } from './linear-task.ts';

interface ComputeOptions {
  /** Default: one per core. */
  readonly threads?: number | undefined;
  /** Whether the graph that is served lacks some of these saves: a kernel needs them all. Default: false. */
  readonly isPruned?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of pins, or boards, that are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Fewer pins than this are not worth a thread. */
const pinsPerThreadMin = 2_000;
const pollMs = 100;
/** Rows of a kernel between two looks at the signal: 4,096 boards take some 15 ms a row. */
const rowsPerLook = 16;

/**
 * The item weights of a graph: a {@link BoardKernel} where boards are few, else lists by {@link Regression}, on several
 * threads. Equal graphs and parameters give equal bytes, on any number of threads: every pin is computed alone. Throws
 * `stopped` if the signal is aborted.
 */
export async function computeLinear(
  graph: PinBoardGraph,
  given: LinearBuildParams,
  { threads = availableParallelism(), isPruned = false, signal, onProgress }: ComputeOptions = {},
): Promise<LinearWeights> {
  const boardCount = nodeCount(graph.boardToPin);
  if (!isPruned && hasKernel(given, boardCount)) {
    const rows = boardKernel(graph, given);
    for (let next = rows.next(); ; next = rows.next()) {
      if (next.done === true) return next.value;
      if (next.value % rowsPerLook !== 0) continue;
      await yieldToEventLoop(signal);
      onProgress?.(next.value, boardCount);
    }
  }
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
