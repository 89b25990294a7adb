import type { Logger } from 'pino';
import {
  type DataFolder,
  dayMs,
  hasCampaigns,
  hasNotifications,
  hasStoredInteractions,
  messageOf,
} from '../../graph-data/index.ts';
import type { CampaignThread, InteractionThread, NotificationThread } from '../runtime/writing/index.ts';

const everyMs = 3_600_000;

interface RetentionDeps {
  readonly folder: DataFolder;
  readonly interactions: Pick<InteractionThread, 'run'>;
  readonly notifications: Pick<NotificationThread, 'call'>;
  readonly campaigns: Pick<CampaignThread, 'call'>;
  readonly keptFrom: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  readonly log: Logger;
}

/** Caps look back, and a window must not come back: final notifications and promoted impressions are kept so long at least. */
const cappedDaysMin = 30;
/** Days of final notifications where no setting says otherwise: three times what planner and reports look back at. */
const notificationDays = 180;
const droppedAtOnce = 5_000;

/** Drops interactions, final notifications and promoted impressions that are older than they are kept, at once and then every hour. Returns a function that stops it. */
export function startRetention(deps: RetentionDeps): () => void {
  const { folder, interactions, notifications, campaigns, keptFrom, wallClock, log } = deps;
  const daysAgo = (days: number): number => wallClock() - days * dayMs;
  const dropNotifications = async (): Promise<void> => {
    const from =
      keptFrom() === -Infinity ? daysAgo(notificationDays) : Math.min(keptFrom(), daysAgo(cappedDaysMin));
    while ((await notifications.call('dropBefore', from, droppedAtOnce)) === droppedAtOnce);
  };
  const drop = async (): Promise<void> => {
    if (hasNotifications(folder)) {
      await dropNotifications().catch((error: unknown) => {
        log.warn(`old notifications stay: ${messageOf(error)}`);
      });
    }
    if (keptFrom() === -Infinity) return;
    if (hasCampaigns(folder)) {
      const from = Math.min(keptFrom(), daysAgo(cappedDaysMin));
      await campaigns.call('dropBefore', from).catch((error: unknown) => {
        log.warn(`old promoted impressions stay: ${messageOf(error)}`);
      });
    }
    // Otherwise nothing needs the thread.
    if (!hasStoredInteractions(folder, keptFrom())) return;
    try {
      const dropped = await interactions.run({ kind: 'dropBefore', time: keptFrom() });
      if (dropped.months + dropped.rows > 0) log.info(dropped, 'dropped old interactions');
    } catch (error) {
      log.warn(`old interactions stay: ${messageOf(error)}`);
    }
  };
  void drop();
  const timer = setInterval(() => void drop(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
