import type { Logger } from 'pino';
import { DataError } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type { Job } from '../../contract/index.ts';
import { damageOf } from '../storage-problem.ts';
import { runAsJob } from '../tracing/index.ts';

export type JobProgress = Required<Pick<Job, 'phase' | 'done' | 'total'>>;

/** Does the work of a job. Once the signal is aborted, it throws soon, and undoes its partial work. */
export type JobWork = (
  onProgress: (progress: JobProgress) => void,
  signal: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>;

interface JobsOptions {
  readonly newId: () => string;
  readonly date: () => Date;
  /** Called after an unexpected error, of which the job shows no details. */
  readonly onFault: (error: unknown) => void;
}

interface Entry {
  job: Job;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Jobs in the list: all running ones, and the most recently ended ones. */
const jobsMax = 100;

/** The jobs since the server started; none is stored on disk. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #jobs = new Map<string, Entry>();
  /** Ids, in the order in which the jobs ended. */
  readonly #ended: string[] = [];

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /** Starts a job. Throws `conflict` while a job of the same kind, or of an excluded one, is running. */
  start(kind: string, work: JobWork, excluded: readonly string[] = []): Job {
    const other = this.running(kind, ...excluded);
    if (other !== undefined) {
      throw new Problem('conflict', `another job is running (${other.kind}): see job ${other.id}`);
    }
    const { newId, date } = this.#options;
    const controller = new AbortController();
    const job: Job = {
      id: newId(),
      kind,
      state: 'running',
      phase: null,
      done: null,
      total: null,
      startedAt: date().toISOString(),
      endedAt: null,
      result: null,
      problem: null,
    };
    const ended = runAsJob(kind, job.id, (onPhase) => this.#run(job.id, work, controller.signal, onPhase));
    this.#jobs.set(job.id, { job, controller, ended });
    this.#forget();
    return job;
  }

  /** Latest first. */
  list(): Job[] {
    return [...this.#jobs.values()].map(({ job }) => job).toReversed();
  }

  /** Throws `unknown-job`. */
  find(id: string): Job {
    return this.#entry(id).job;
  }

  /** The latest running job of these kinds. */
  running(...kinds: readonly string[]): Job | undefined {
    return this.list().find((job) => kinds.includes(job.kind) && job.state === 'running');
  }

  /** Signals a job to stop; it is `cancelled` once it has. Throws `unknown-job`, and `conflict` when it has ended. */
  cancel(id: string): Job {
    const { job, controller } = this.#entry(id);
    if (job.state !== 'running') throw new Problem('conflict', `job ${id} has ended: it is ${job.state}`);
    controller.abort();
    return job;
  }

  /** Cancels all running jobs, and waits for them to stop. */
  async close(): Promise<void> {
    for (const { controller } of this.#jobs.values()) controller.abort();
    await Promise.all([...this.#jobs.values()].map(({ ended }) => ended));
  }

  async #run(
    id: string,
    work: JobWork,
    signal: AbortSignal,
    onPhase: (phase: string) => void,
  ): Promise<Pick<Job, 'state' | 'problem'>> {
    // Only once the job is in the list.
    await Promise.resolve();
    const onProgress = (progress: JobProgress): void => {
      if (progress.phase !== null) onPhase(progress.phase);
      this.#update(id, progress);
    };
    let end: Pick<Job, 'state' | 'problem'> & Partial<Job>;
    try {
      end = { state: 'done', problem: null, result: await work(onProgress, signal) };
    } catch (error) {
      end = signal.aborted
        ? { state: 'cancelled', problem: null }
        : { state: 'failed', problem: this.#problemOf(error) };
    }
    this.#update(id, { ...end, endedAt: this.#options.date().toISOString() });
    this.#ended.push(id);
    return end;
  }

  #problemOf(error: unknown): Job['problem'] {
    if (error instanceof Problem) return { code: error.code, detail: error.message };
    const damage = damageOf(error);
    if (damage !== undefined) return { code: 'storage-unavailable', detail: damage };
    if (error instanceof DataError) return { code: 'conflict', detail: error.message };
    this.#options.onFault(error);
    return { code: 'internal', detail: 'see the log' };
  }

  #update(id: string, changes: Partial<Job>): void {
    const entry = this.#jobs.get(id);
    if (entry !== undefined) entry.job = { ...entry.job, ...changes };
  }

  #entry(id: string): Entry {
    const entry = this.#jobs.get(id);
    if (entry === undefined) throw new Problem('unknown-job', `there is no job ${JSON.stringify(id)}`);
    return entry;
  }

  /** Not by their start: one that ran for long has just ended, and its client wants to see how. */
  #forget(): void {
    const excess = Math.max(0, this.#jobs.size - jobsMax);
    for (const id of this.#ended.splice(0, excess)) this.#jobs.delete(id);
  }
}

/** The same work, with failures logged: no client waits for it. */
export function logFailure(work: JobWork, log: Logger, message: string): JobWork {
  return async (onProgress, signal) => {
    try {
      return await work(onProgress, signal);
    } catch (err) {
      if (!signal.aborted) log.error({ err }, message);
      throw err;
    }
  };
}
