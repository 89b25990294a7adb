import type { Logger } from 'pino';
import { type DataFolder, hasNotifications, messageOf } from '../../../graph-data/index.ts';
import type { PlanThread } from './plan-thread.ts';

interface PlanLoopDeps {
  readonly folder: DataFolder;
  readonly settings: {
    /** Default: nothing is planned. */
    readonly notifyPlanHour?: number | undefined;
  };
  readonly planner: Pick<PlanThread, 'call'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

const everyMs = 60_000;

/** Plans each day from an hour on, also after a stop or a kill. Without the setting, or a channel, it does nothing. */
export class PlanLoop {
  readonly #deps: PlanLoopDeps;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;
  #planned: string | undefined;
  #lastFault: string | undefined;

  constructor(deps: PlanLoopDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#deps.settings.notifyPlanHour === undefined) return;
    this.#begin();
    this.#timer = setInterval(() => this.#begin(), everyMs);
    this.#timer.unref();
  }

  /** After the thread that plans was closed. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #begin(): void {
    const { folder, settings, now } = this.#deps;
    const time = new Date(now());
    const day = time.toISOString().slice(0, 10);
    const isDue = time.getUTCHours() >= settings.notifyPlanHour! && day !== this.#planned;
    if (!isDue || this.#isRunning || !hasNotifications(folder)) return;
    this.#isRunning = true;
    this.#running = this.#run(time.getTime());
  }

  async #run(time: number): Promise<void> {
    const { planner, log } = this.#deps;
    try {
      const report = await planner.call('plan', { now: time });
      if (report !== undefined) log.info(report, 'planned notifications');
      if (report?.isFinished === true) this.#planned = report.window;
      this.#lastFault = undefined;
    } catch (error) {
      const fault = messageOf(error);
      if (fault !== this.#lastFault) log.warn(`notifications are not planned: ${fault}`);
      this.#lastFault = fault;
    } finally {
      this.#isRunning = false;
    }
  }
}
