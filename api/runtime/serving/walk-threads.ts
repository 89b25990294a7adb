import { getPriority } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { DataFolder, LoadedSnapshot } from '../../../graph-data/index.ts';
import type { ProblemOutcome } from '../problem-outcome.ts';
import { threadLimits } from '../threads/index.ts';
import type { ModelThread } from './model-thread.ts';
import type { Diagnosis, DiagnosticsTask, Done, RankedOutcome, WalkTask } from './walk-worker.ts';

export type Workers = Piscina<WalkTask | DiagnosticsTask, Done<RankedOutcome[] | Diagnosis | ProblemOutcome>>;

/** Threads that walk one snapshot, of the module `filename`. `niceness`: what they are brought to; those of a process that is as nice already stay. */
export function startWorkers(
  {
    folder,
    snapshot,
    models,
  }: { readonly folder: DataFolder; readonly snapshot: LoadedSnapshot; readonly models: ModelThread },
  { niceness, ...options }: ConstructorParameters<typeof Piscina>[0] & { readonly niceness: number },
): Workers {
  const workers: Workers = new Piscina({
    workerData: { dataFolder: folder.root, snapshot },
    recordTiming: false,
    resourceLimits: threadLimits,
    niceIncrement: Math.max(0, niceness - getPriority()),
    ...options,
  });
  // A thread that walks for a model sends the port of its calls.
  workers.on('message', ({ modelPort }: { modelPort: MessagePort }) => models.connect(modelPort));
  return workers;
}
