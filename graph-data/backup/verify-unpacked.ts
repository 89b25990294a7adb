import { rmSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { DataFolder } from '../data-folder.ts';
import { migrations, openCopy, openDatabase, quickCheck, readState } from '../database/index.ts';
import { faultOfMonth, listMonths } from '../interactions/index.ts';
import { readExperiments } from '../experiments/index.ts';
import { readEdits } from '../interests/index.ts';
import { faultOfNotifications } from '../notifications/index.ts';
import { readPresets } from '../presets/index.ts';
import { pointTo, snapshotFile, snapshotFormat, verifySnapshot } from '../snapshot/index.ts';
import { campaignCode } from './campaign-code.ts';
import { backupUnusable } from './container.ts';
import type { Manifest } from './manifest.ts';

/**
 * Verifies an unpacked backup, brings its database to the present schema, and activates its snapshot. A
 * snapshot of another format is left out. `isReplica`: the files are unchanged from a publication, where the
 * rows were checked. Throws `backup-unusable`, and the errors of opening the database or the snapshot.
 */
export async function verifyUnpacked(
  folder: DataFolder,
  file: string,
  manifest: Manifest,
  isReplica: boolean = false,
): Promise<{ snapshot: string | null; note?: string }> {
  const { schemaVersion } = manifest.database;
  if (schemaVersion > migrations.length) {
    throw backupUnusable(
      file,
      `pinwalk ${manifest.pinwalk} made it with schema version ${schemaVersion}, and this pinwalk supports up to ` +
        `${migrations.length}: use pinwalk ${manifest.pinwalk} or newer`,
    );
  }
  if (!isReplica) await assertSound(folder, file, manifest);
  const database = openDatabase(folder);
  try {
    readPresets(folder);
    readExperiments(folder);
    readEdits(folder);
    return activate(folder, file, manifest, (version) => verifySnapshot(folder, version, database).position);
  } finally {
    database.close();
  }
}

/** O(rows). */
async function assertSound(folder: DataFolder, file: string, manifest: Manifest): Promise<void> {
  const copy = openCopy(folder);
  try {
    const fault = quickCheck(copy);
    if (fault !== undefined) throw backupUnusable(file, `its database is damaged: ${fault}`);
    if (!isDeepStrictEqual(readState(copy), manifest.database)) {
      throw backupUnusable(file, 'its database does not have the id, position and rows of its manifest');
    }
  } finally {
    copy.close();
  }
  for (const month of listMonths(folder)) {
    const fault = faultOfMonth(folder, month);
    if (fault !== undefined) throw backupUnusable(file, `its interactions of ${month} are damaged: ${fault}`);
  }
  const fault = faultOfNotifications(folder);
  if (fault !== undefined) throw backupUnusable(file, `its notifications are damaged: ${fault}`);
  const ledgerFault = (await campaignCode(folder))?.faultOfCampaigns(folder);
  if (ledgerFault !== undefined) throw backupUnusable(file, `its campaigns are damaged: ${ledgerFault}`);
}

function activate(
  folder: DataFolder,
  file: string,
  { snapshot }: Manifest,
  verify: (version: string) => number,
): { snapshot: string | null; note?: string } {
  if (snapshot === null)
    return { snapshot: null, note: 'the backup has no snapshot: pinwalk build makes one' };
  const { version, format, position } = snapshot;
  if (format !== snapshotFormat) {
    rmSync(snapshotFile(folder, version), { force: true });
    const note = `its snapshot was left out: it has format ${format}, this pinwalk reads ${snapshotFormat}; pinwalk build makes a new one`;
    return { snapshot: null, note };
  }
  if (verify(version) !== position)
    throw backupUnusable(file, 'its snapshot has another position than its manifest');
  pointTo(folder, version);
  return { snapshot: version };
}
