import type { MessagePort } from 'node:worker_threads';
import type { ModelCandidates } from '../../../graph-data/index.ts';
import type { ProblemOutcome } from '../problem-outcome.ts';

/** The messages between the main thread, the thread of models, and the threads that walk. */

export interface ModelWorkerData {
  readonly dataFolder: string;
}

/** From the main thread. */
export type ToModels =
  /** Keep this model up to date from now on, and say when it is. */
  | { readonly follow: string }
  /** A thread that walks sends its calls through this port. */
  | { readonly connect: MessagePort }
  | { readonly close: true };

/** To the main thread: a model is up to date, or why it is not. */
export interface FromModels {
  readonly label: string;
  readonly problem?: ProblemOutcome['problem'] | undefined;
}

/** A call of a thread that walks, which waits until `isDone[0]` is 1; then the reply is at its port. */
export interface ModelCall {
  readonly method: 'scores' | 'reasons';
  readonly label: string;
  readonly of: ModelCandidates;
  readonly isDone: Int32Array<SharedArrayBuffer>;
}

export type ModelReply = { readonly result: unknown } | ProblemOutcome;
