import type { Logger } from 'pino';
import {
  type DataFolder,
  dayMs,
  hasNotifications,
  hasStoredInteractions,
  messageOf,
} from '../../graph-data/index.ts';
import type { InteractionThread, NotificationThread } from '../runtime/writing/index.ts';

const everyMs = 3_600_000;

interface RetentionDeps {
  readonly folder: DataFolder;
  readonly interactions: Pick<InteractionThread, 'run'>;
  readonly notifications: Pick<NotificationThread, 'call'>;
  readonly keptFrom: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  readonly log: Logger;
}

/** Caps look back a week, and a window must not come back: final notifications are kept so long at least. */
const notificationDaysMin = 30;

/** Drops interactions and final notifications that are older than they are kept, at once and then every hour. Returns a function that stops it. */
export function startRetention(deps: RetentionDeps): () => void {
  const { folder, interactions, notifications, keptFrom, wallClock, log } = deps;
  if (keptFrom() === -Infinity) return () => {};
  const drop = async (): Promise<void> => {
    if (hasNotifications(folder)) {
      const from = Math.min(keptFrom(), wallClock() - notificationDaysMin * dayMs);
      await notifications.call('dropBefore', from).catch((error: unknown) => {
        log.warn(`old notifications stay: ${messageOf(error)}`);
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
