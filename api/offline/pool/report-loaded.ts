import { workerData } from 'piscina';

/** What each thread of a `ThreadPool` gets. */
export interface PoolData {
  /** Counts the threads that have loaded their code. */
  readonly loaded: Int32Array<SharedArrayBuffer>;
}

/** At the end of the file of a thread: from now on, it may be terminated. */
export function reportLoaded(): void {
  const { loaded } = workerData as PoolData;
  // After the file, Node makes a module of what it exports: to terminate the thread meanwhile would abort the process, too.
  queueMicrotask(() => Atomics.add(loaded, 0, 1));
}
