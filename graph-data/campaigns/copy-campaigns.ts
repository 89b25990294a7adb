import type { DataFolder } from '../data-folder.ts';
import { copyDatabase } from '../database/index.ts';
import { DataError } from '../errors.ts';
import { type Root, campaignFile } from './campaign-file.ts';

/** Copies campaigns and their ledger to another data folder while others write. O(bytes). */
export async function copyCampaigns(
  folder: DataFolder,
  copy: DataFolder,
  onStep: (done: number, total: number) => void,
): Promise<void> {
  const source = campaignFile.openToRead(folder);
  try {
    await copyDatabase(source, campaignFile.pathIn(copy), onStep);
  } finally {
    source.close();
  }
  asOneFile(copy);
}

/** The fault of a copy that nobody uses; undefined if it has none. O(rows). */
export function faultOfCampaigns(folder: Root): string | undefined {
  const result = campaignFile.read(folder, (database) =>
    String(database.pragma('quick_check(1)', { simple: true })),
  );
  return result === undefined || result === 'ok' ? undefined : result;
}

/**
 * Copies impressions and charges made since a backup into its unpacked copy, before that replaces the present folder: no budget is
 * spent twice. Only if both have the same origin, by the secret of their tokens, and only for campaigns that the copy has; nothing is
 * copied from a damaged file. O(rows).
 */
export function keepLedger(present: Root, unpacked: Root): void {
  if (!campaignFile.existsIn(present) || !campaignFile.existsIn(unpacked)) return;
  try {
    // Also recovers the log of a killed process.
    campaignFile.openToRead(present).close();
  } catch (error) {
    if (error instanceof DataError && error.code === 'campaigns-damaged') return;
    throw error;
  }
  const database = campaignFile.openToWrite(unpacked, 0);
  try {
    campaignFile.orError(unpacked, () => {
      database.prepare('ATTACH ? AS present').run(campaignFile.pathIn(present));
      const sameOrigin = 'SELECT 1 FROM state JOIN present.state AS theirs USING (secret)';
      if (database.prepare(sameOrigin).get() !== undefined) database.exec(`BEGIN; ${bringLedger}; COMMIT;`);
      database.exec('DETACH present');
    });
  } finally {
    database.close();
  }
  asOneFile(unpacked);
}

/** Numbers are never used again, so that the same number is the same campaign. */
const kept = 'SELECT number FROM campaigns WHERE settings IS NOT NULL';
const bringLedger = `
  INSERT OR REPLACE INTO impressions SELECT * FROM present.impressions WHERE campaign IN (${kept});
  INSERT OR REPLACE INTO charges SELECT * FROM present.charges WHERE campaign IN (${kept});
  INSERT OR REPLACE INTO days SELECT * FROM present.days WHERE campaign IN (${kept});
  INSERT OR IGNORE INTO hides SELECT * FROM present.hides;
  UPDATE campaigns SET (impressions, expected, variance, actions, hides, spent) = (
    SELECT impressions, expected, variance, actions, hides, spent FROM present.campaigns AS theirs WHERE theirs.number = campaigns.number
  ) WHERE settings IS NOT NULL AND number IN (SELECT number FROM present.campaigns WHERE settings IS NOT NULL);
  UPDATE state SET version = max(version, (SELECT version FROM present.state)) + 1;
  UPDATE campaigns SET version = (SELECT version FROM state)`;

/** Without a log. */
function asOneFile(folder: Root): void {
  const database = campaignFile.openToWrite(folder, 0);
  try {
    campaignFile.orError(folder, () => database.pragma('journal_mode = DELETE'));
  } finally {
    database.close();
  }
}
