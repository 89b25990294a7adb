import { moduleBeside } from '../../../graph-data/base/index.ts';
import type { DataFolder, EngagementOptions, EngagementReport } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import { runInThread } from '../threads/index.ts';
import type { EngagementTask } from './engagement-worker.ts';

/** Reports that may wait for another. */
const waitingMax = 10;

/** Makes reports in a thread of their own, one at a time: each may read millions of rows. */
export class Reports {
  readonly #folder: DataFolder;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #closing = new AbortController();

  constructor(folder: DataFolder) {
    this.#folder = folder;
  }

  /** Rejects with the problem `overloaded` when too many wait, and with `stopped` when the client has gone. */
  async engagement(options: EngagementOptions, client: AbortSignal): Promise<EngagementReport> {
    if (this.#waiting > waitingMax) {
      throw new Problem('overloaded', 'too many reports are waiting', [], { 'Retry-After': '5' });
    }
    const task: EngagementTask = { root: this.#folder.root, options };
    const signal = AbortSignal.any([client, this.#closing.signal]);
    const before = this.#last;
    const run = async (): Promise<EngagementReport> => {
      await before;
      return runInThread<EngagementReport>(moduleBeside('engagement-worker', import.meta.url), task, {
        signal,
      });
    };
    this.#waiting++;
    const report = run().finally(() => this.#waiting--);
    this.#last = report.catch(() => {});
    return report;
  }

  /** Ends a report that is being made. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last;
  }
}
