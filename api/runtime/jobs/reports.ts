import { moduleBeside } from '../../../graph-data/base/index.ts';
import {
  type Campaign,
  type CampaignReach,
  type CampaignReport,
  DataError,
  type DataFolder,
  type EngagementOptions,
  type EngagementReport,
  type Experiment,
  type FoundAction,
  type NotificationReport,
  type ReachOptions,
  type ServedReport,
} from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import { KeptThread } from '../threads/index.ts';
import { ClientGone } from '../serving/index.ts';
import type { ReportTask } from './report-worker.ts';

/** Reports that may wait for another. */
const waitingMax = 10;

/** Makes reports in a thread of their own, one at a time: each may read millions of rows. A server without reports has no such thread. */
export class Reports {
  readonly #folder: DataFolder;
  readonly #thread = new KeptThread<ReportTask>(moduleBeside('report-worker', import.meta.url));
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #closing = new AbortController();

  constructor(folder: DataFolder) {
    this.#folder = folder;
  }

  /** Rejects with the problem `overloaded` when too many wait, and with `ClientGone` when the client has gone. */
  async engagement(options: EngagementOptions, client: AbortSignal): Promise<EngagementReport> {
    return this.#make<EngagementReport>({ root: this.#folder.root, engagement: options }, client);
  }

  /** From a day on, in days since 1970, as of `now` in milliseconds. Rejects as {@link engagement} does. */
  async notifications(from: number, now: number, client: AbortSignal): Promise<NotificationReport> {
    return this.#make<NotificationReport>({ root: this.#folder.root, notifications: { from, now } }, client);
  }

  /** Until a day, in days since 1970. Rejects as {@link engagement} does. */
  async experiment(
    id: string,
    experiment: Experiment,
    until: number,
    client: AbortSignal,
  ): Promise<ServedReport> {
    return this.#make<ServedReport>({ root: this.#folder.root, id, experiment, until }, client);
  }

  async campaign(campaign: Campaign, client: AbortSignal): Promise<CampaignReport> {
    return this.#make<CampaignReport>({ root: this.#folder.root, campaign }, client);
  }

  /** Whom a campaign could reach. */
  async reach(reach: ReachOptions, client: AbortSignal): Promise<CampaignReach> {
    return this.#make<CampaignReach>({ root: this.#folder.root, reach }, client);
  }

  /** Who did something to some pins, from the log. */
  async actions(
    kinds: readonly string[],
    pins: readonly string[],
    client: AbortSignal,
  ): Promise<readonly FoundAction[]> {
    return this.#make<FoundAction[]>({ root: this.#folder.root, actions: { kinds, pins } }, client);
  }

  async #make<Report>(task: ReportTask, client: AbortSignal): Promise<Report> {
    if (this.#waiting > waitingMax) {
      throw new Problem('overloaded', 'too many reports are waiting', [], { 'Retry-After': '5' });
    }
    const signal = AbortSignal.any([client, this.#closing.signal]);
    const before = this.#last;
    const run = async (): Promise<Report> => {
      await before;
      return this.#thread.run<Report>(task, signal);
    };
    this.#waiting++;
    const report = run().finally(() => this.#waiting--);
    this.#last = report.catch(() => {});
    return report.catch((error: unknown) => {
      throw client.aborted && error instanceof DataError ? new ClientGone() : error;
    });
  }

  /** Ends a report that is being made. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last;
    await this.#thread.close();
  }
}
