import type { DataFolder } from '../data-folder.ts';
import { copyDatabase } from '../database/index.ts';
import {
  hasNotifications,
  inNotifications,
  notificationFile,
  notificationsFile,
} from './notification-file.ts';
import type { Suppression } from './suppressions.ts';

/**
 * Copies channels and notifications to another data folder while others write; returns whether there are any. In the copy, what waits
 * is cancelled: by the time it is restored, it may have been sent. O(bytes).
 */
export async function copyNotifications(
  folder: DataFolder,
  copy: DataFolder,
  onStep: (done: number, total: number) => void,
): Promise<boolean> {
  if (!hasNotifications(folder)) return false;
  const source = notificationFile.openToRead(folder);
  try {
    await copyDatabase(source, notificationsFile(copy), onStep);
  } finally {
    source.close();
  }
  const database = notificationFile.openToWrite(copy, 0);
  try {
    notificationFile.orError(copy, () => {
      database.exec(`
        UPDATE outbox SET state = 'cancelled', suppressedBy = '${'restored' satisfies Suppression}' WHERE state IN ('pending', 'held');
        UPDATE outbox SET state = 'dead', failure = 'lost: it was being sent when this backup was made' WHERE state = 'claimed';
      `);
      // One file, without a log.
      database.pragma('journal_mode = DELETE');
    });
  } finally {
    database.close();
  }
  return true;
}

/** The fault of a copy that nobody uses; undefined if it has none. O(rows). */
export function faultOfNotifications(folder: DataFolder): string | undefined {
  const result = inNotifications(folder, (database) =>
    String(database.pragma('quick_check(1)', { simple: true })),
  );
  return result === undefined || result === 'ok' ? undefined : result;
}
