import type { Logger } from 'pino';
import {
  type DataFolder,
  type Interaction,
  type Notification,
  type Release,
  hasNotifications,
  messageOf,
  readLinkSecret,
} from '../../../graph-data/index.ts';
import { type DeliveryOptions, deliverDue } from '../../notifications/index.ts';
import type { NotificationThread } from '../writing/index.ts';
import type { PlanThread } from './plan-thread.ts';

interface DeliveryDeps {
  readonly folder: DataFolder;
  readonly settings: {
    /** Default: nothing is sent. */
    readonly notifyEverySeconds?: number | undefined;
    readonly publicUrl?: string | undefined;
  };
  readonly senders: DeliveryOptions['senders'];
  readonly notifications: Pick<NotificationThread, 'call'>;
  readonly planner: Pick<PlanThread, 'call'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly promote: DeliveryOptions['promote'];
  readonly record: (impressions: readonly Interaction[]) => Promise<void>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Sends due notifications at an interval, one pass at a time. Does nothing without the setting or a channel. */
export class DeliveryLoop {
  readonly #deps: DeliveryDeps;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #pass: Promise<void> = Promise.resolve();
  #isRunning = false;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { notifyEverySeconds } = this.#deps.settings;
    if (notifyEverySeconds === undefined) return;
    this.#begin();
    this.#timer = setInterval(() => this.#begin(), 1_000 * notifyEverySeconds);
    this.#timer.unref();
  }

  /** Claims nothing more; resolves once sends in flight are settled. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#closing.abort();
    await this.#pass;
  }

  #begin(): void {
    if (this.#isRunning || !hasNotifications(this.#deps.folder)) return;
    this.#isRunning = true;
    this.#pass = this.#run();
  }

  async #run(): Promise<void> {
    const { folder, settings, senders, notifications, now, promote, record, log } = this.#deps;
    try {
      const report = await deliverDue({
        outbox: {
          heldDue: async (...args) => notifications.call('heldDue', ...args),
          release: async (...args) => notifications.call('release', ...args),
          claim: async (...args) => notifications.call('claim', ...args),
          settle: async (...args) => notifications.call('settle', ...args),
        },
        senders,
        publicUrl: settings.publicUrl,
        linkSecret: () => readLinkSecret(folder),
        ...(promote !== undefined && { promote }),
        record,
        now,
        rescore: async (held, time) => this.#decideAgain(held, time),
        signal: this.#closing.signal,
      });
      if (Object.values(report).some((count) => count > 0)) log.info(report, 'sent notifications');
    } catch (error) {
      log.warn(`notifications wait: ${messageOf(error)}`);
    } finally {
      this.#isRunning = false;
    }
  }

  /** Of a plan; released as it is if it cannot be decided again. Consent and hours are read again when it is sent. */
  async #decideAgain(held: Notification, time: number): Promise<Release> {
    try {
      return (await this.#deps.planner.call('decideAgain', { held, now: time })) ?? {};
    } catch (error) {
      this.#deps.log.warn(`a held notification is not scored again: ${messageOf(error)}`);
      return {};
    }
  }
}
