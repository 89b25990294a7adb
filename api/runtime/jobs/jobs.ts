import { DataError } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type { Job } from '../../contract/index.ts';

type JobProgress = Required<Pick<Job, 'phase' | 'done' | 'total'>>;

/** Does a job. When the signal is aborted, it stops soon and throws, with everything as it was before. */
export type JobWork = (
  tell: (progress: JobProgress) => void,
  signal: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>;

interface JobsOptions {
  readonly newId: () => string;
  readonly date: () => Date;
  /** Hears of errors that were not foreseen; the job says only that there was one. */
  readonly onFault: (error: unknown) => void;
}

interface Kept {
  job: Job;
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Jobs that are remembered: the latest, and all that are running. */
const keptMax = 100;

/** The jobs since the server started; they are not kept on disk. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #jobs = new Map<string, Kept>();

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /** Begins a job. Throws `conflict` while one of its kind is running, or of those that it cannot be `beside`. */
  start(kind: string, work: JobWork, beside: readonly string[] = []): Job {
    const other = this.running(kind, ...beside);
    if (other !== undefined) {
      throw new Problem('conflict', `another job is under way (${other.kind}): see job ${other.id}`);
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
    this.#jobs.set(job.id, { job, controller, ended: this.#run(job.id, work, controller.signal) });
    this.#forget();
    return job;
  }

  /** Latest first. */
  list(): Job[] {
    return [...this.#jobs.values()].map(({ job }) => job).toReversed();
  }

  /** Throws `unknown-job`. */
  find(id: string): Job {
    return this.#kept(id).job;
  }

  /** The latest of these kinds that is running. */
  running(...kinds: readonly string[]): Job | undefined {
    return this.list().find((job) => kinds.includes(job.kind) && job.state === 'running');
  }

  /** Tells a job to stop; it is `cancelled` once it has. Throws `unknown-job`, and `conflict` when it has ended. */
  cancel(id: string): Job {
    const { job, controller } = this.#kept(id);
    if (job.state !== 'running') throw new Problem('conflict', `job ${id} has ended: it is ${job.state}`);
    controller.abort();
    return job;
  }

  /** Cancels all that are running, and waits for them to stop. */
  async close(): Promise<void> {
    for (const { controller } of this.#jobs.values()) controller.abort();
    await Promise.all([...this.#jobs.values()].map(({ ended }) => ended));
  }

  async #run(id: string, work: JobWork, signal: AbortSignal): Promise<void> {
    // Not before the job is among the others.
    await Promise.resolve();
    let end: Partial<Job>;
    try {
      end = { state: 'done', result: await work((progress) => this.#update(id, progress), signal) };
    } catch (error) {
      end = signal.aborted ? { state: 'cancelled' } : { state: 'failed', problem: this.#problemOf(error) };
    }
    this.#update(id, { ...end, endedAt: this.#options.date().toISOString() });
  }

  #problemOf(error: unknown): Job['problem'] {
    if (error instanceof Problem) return { code: error.code, detail: error.message };
    if (error instanceof DataError) return { code: 'conflict', detail: error.message };
    this.#options.onFault(error);
    return { code: 'internal', detail: 'see the log' };
  }

  #update(id: string, changes: Partial<Job>): void {
    const kept = this.#jobs.get(id);
    if (kept !== undefined) kept.job = { ...kept.job, ...changes };
  }

  #kept(id: string): Kept {
    const kept = this.#jobs.get(id);
    if (kept === undefined) throw new Problem('unknown-job', `there is no job ${JSON.stringify(id)}`);
    return kept;
  }

  #forget(): void {
    const ended = [...this.#jobs.values()].filter(({ job }) => job.state !== 'running');
    const excess = Math.max(0, this.#jobs.size - keptMax);
    for (const { job } of ended.slice(0, excess)) this.#jobs.delete(job.id);
  }
}
