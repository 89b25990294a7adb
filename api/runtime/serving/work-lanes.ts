import { Trials } from './trials.ts';
import { type WorkLimitSettings, WorkLimits } from './work-limits.ts';
import { WorkQueue } from './work-queue.ts';

export interface LaneOptions extends WorkLimitSettings {
  readonly threads: number;
  readonly queueMsMax: number;
  readonly heavyQueueMsMax: number;
  readonly queueLengthMax: number;
  /** Whether light tasks may wait several times as long for now. Default: never. */
  readonly isPatient?: (() => boolean) | undefined;
  /** Units of work of one request. */
  readonly requestWorkMax: number;
  /** Units of work up to which a request is light. Default: some 50 ms. */
  readonly lightWorkMax?: number | undefined;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

/** Tasks handed to a worker at once: with two, it does not idle while its result is received. */
const tasksPerWorker = 2;
/** Short ones: while the main thread receives four results at once, the worker has four more tasks (docs/perf-notes.md). */
const shortTasksPerWorker = 8;
const lightWorkMaxDefault = 400_000;
/** A light queue that has been standing for less holds a burst. */
const burstMsMax = 250;

/** The queues of light and heavy tasks, and the work limits of clients. Outlives the workers. */
export class WorkLanes {
  readonly light: WorkQueue;
  readonly heavy: WorkQueue;
  /** Before the light lane, for tasks of unknown work. */
  readonly trials: Trials;
  readonly limits: WorkLimits;
  /** Units of work of one request. */
  readonly workMax: number;
  /** Units of work up to which a task is light. */
  readonly lightWorkMax: number;

  constructor(options: LaneOptions) {
    const { threads, queueMsMax, heavyQueueMsMax, queueLengthMax: lengthMax, now, isPatient } = options;
    const slots = heavyThreads(threads);
    this.light = new WorkQueue({
      slots: threads * tasksPerWorker,
      slotsMax: threads * shortTasksPerWorker,
      waitMsMax: queueMsMax,
      lengthMax,
      now,
      isPatient,
      burstMsMax,
    });
    this.heavy = new WorkQueue({ slots, waitMsMax: heavyQueueMsMax, lengthMax, now });
    // So that one thread runs no trials, if there are two.
    this.trials = new Trials({ slots, waitMsMax: heavyQueueMsMax, lengthMax, now });
    this.limits = new WorkLimits(options, now);
    this.workMax = options.requestWorkMax;
    this.lightWorkMax = options.lightWorkMax ?? lightWorkMaxDefault;
  }

  /** Tasks that wait for a worker. */
  get length(): number {
    return this.light.length + this.heavy.length + this.trials.length;
  }

  get running(): number {
    return this.light.running + this.heavy.running;
  }
}

/** Number of threads that may do heavy work at once. */
export function heavyThreads(threads: number): number {
  return Math.max(1, threads - 1);
}
