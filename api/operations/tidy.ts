import { type DataFolder, listSnapshots, positionOf, pruneSnapshots } from '../../graph-data/index.ts';
import type { WriteThread } from '../runtime/writing/index.ts';

/**
 * Keeps the data folder from growing with each build: deletes all but the newest `snapshotsKept` snapshots (never the
 * active one, nor the target of a rollback), then the changes that no remaining snapshot needs to be brought up to date,
 * in small portions between other writes. Rejects as {@link WriteThread.run} does.
 */
export async function tidy(
  folder: DataFolder,
  writes: Pick<WriteThread, 'run'>,
  snapshotsKept: number,
): Promise<{ readonly snapshots: readonly string[]; readonly changes: number }> {
  const snapshots = pruneSnapshots(folder, snapshotsKept);
  const positions = listSnapshots(folder).flatMap(({ version }) => positionOf(folder, version) ?? []);
  let changes = 0;
  if (positions.length > 0) {
    const upTo = Math.min(...positions);
    for (let dropped = 1; dropped > 0; changes += dropped) {
      dropped = await writes.run({ kind: 'dropChanges', upTo });
    }
  }
  return { snapshots, changes };
}
