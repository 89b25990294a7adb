import { getPriority } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import type { DataFolder, LoadedSnapshot } from '../../../graph-data/index.ts';
import type { ProblemOutcome } from '../problem-outcome.ts';
import { threadLimits } from '../threads/index.ts';
import type { ModelThread } from './model-thread.ts';
import { warmUpRequests } from './warm-up.ts';
import type { Diagnosis, DiagnosticsTask, Done, RankedOutcome, WalkTask, WorkerData } from './walk-worker.ts';
import type { WorkerStart } from './worker-start.ts';

export type Workers = Piscina<WalkTask | DiagnosticsTask, Done<RankedOutcome[] | Diagnosis | ProblemOutcome>>;

interface Walked {
  readonly folder: DataFolder;
  readonly snapshot: LoadedSnapshot;
  readonly models: ModelThread;
}

type Options = NonNullable<ConstructorParameters<typeof Piscina>[0]> & {
  readonly start: WorkerStart;
  readonly warmUpKeys: readonly string[];
  /** Whether others serve meanwhile: then one worker starts after the other, and rests in between. */
  readonly isBeside: boolean;
  /** What threads are brought to, 0 to 19; those of a process that is as nice already stay (Linux only). */
  readonly niceness: number;
};

/** Starts threads that walk one snapshot. */
export function startWorkers(
  { folder, snapshot, models }: Walked,
  { start, warmUpKeys, isBeside, niceness, ...options }: Options,
): Workers {
  const warmUp = JSON.stringify(warmUpRequests(warmUpKeys));
  const workerData: WorkerData = { dataFolder: folder.root, snapshot, warmUp, start: start.fields, isBeside };
  const file = isBeside ? 'walk-worker-in-turn' : 'walk-worker';
  const workers: Workers = new Piscina({
    filename: moduleBeside(file, import.meta.url).href,
    workerData,
    recordTiming: false,
    resourceLimits: threadLimits,
    niceIncrement: Math.max(0, niceness - getPriority()),
    ...options,
  });
  // A thread that walks for a model sends the port of its calls.
  workers.on('message', ({ modelPort }: { modelPort: MessagePort }) => models.connect(modelPort));
  return workers;
}

/**
 * Piscina has a Map that holds the results of its tasks until the next full garbage collection (see
 * `LinkedList`): take the items out of the array that it holds.
 */
export function taken<Item>(done: Done<Item[]>): Done<Item[]> {
  return { ...done, outcome: done.outcome?.splice(0) };
}
