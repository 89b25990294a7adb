import { DataError } from '../errors.ts';
import { type Root, hasNotifications, notificationFile, notificationsFile } from './notification-file.ts';

/**
 * Copies refusals and sends made after a backup into its unpacked copy, before that replaces the present folder. Only if
 * both have the same origin, by the secret of their links; nothing is copied from a damaged file. O(rows).
 */
export function keepRefusals(present: Root, unpacked: Root): void {
  if (!hasNotifications(present) || !hasNotifications(unpacked)) return;
  try {
    // Also recovers the log of a killed process.
    notificationFile.openToRead(present).close();
  } catch (error) {
    if (error instanceof DataError && error.code === 'notifications-damaged') return;
    throw error;
  }
  const database = notificationFile.openToWrite(unpacked, 0);
  try {
    notificationFile.orError(unpacked, () => {
      database.prepare('ATTACH ? AS present').run(notificationsFile(present));
      const sameOrigin = 'SELECT 1 FROM secrets JOIN present.secrets AS theirs USING (links)';
      if (database.prepare(sameOrigin).get() === undefined) return;
      database.exec(`
        BEGIN;
        UPDATE channels SET consent = 0 WHERE consent = 1 AND NOT EXISTS (
          SELECT 1 FROM present.channels AS theirs
          WHERE theirs.user = channels.user AND theirs.kind = channels.kind AND theirs.consent = 1
        );
        INSERT INTO outbox SELECT * FROM present.outbox
          WHERE state IN ('claimed', 'sent', 'dead') AND user IN (SELECT user FROM channels) ON CONFLICT DO NOTHING;
        UPDATE outbox SET state = 'dead', failure = 'lost: it was being sent before this folder was restored' WHERE state = 'claimed';
        COMMIT;
      `);
    });
    notificationFile.orError(unpacked, () => {
      database.exec('DETACH present');
      // One file, without a log.
      database.pragma('journal_mode = DELETE');
    });
  } finally {
    database.close();
  }
}
