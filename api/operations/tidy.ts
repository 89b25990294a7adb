import {
  type DataFolder,
  activeVersion,
  listSnapshots,
  positionOf,
  pruneSnapshots,
} from '../../graph-data/index.ts';
import type { WriteThread } from '../runtime/writing/index.ts';

/**
 * Keeps the data folder from growing with each build: deletes all but the newest `snapshotsKept` snapshots (never the
 * active one, nor the target of a rollback), then the changes that no remaining snapshot needs to be brought up to date, and all
 * but the latest `changesKept` that the active one does not need, in small portions between other writes. Rejects as {@link WriteThread.run} does.
 */
export async function tidy(
  folder: DataFolder,
  writes: Pick<WriteThread, 'run'>,
  { snapshotsKept, changesKept }: { readonly snapshotsKept: number; readonly changesKept: number },
  position: number,
): Promise<{ readonly snapshots: readonly string[]; readonly changes: number }> {
  const snapshots = pruneSnapshots(folder, snapshotsKept);
  const positions = listSnapshots(folder).flatMap(({ version }) => positionOf(folder, version) ?? []);
  let changes = 0;
  if (positions.length > 0) {
    const active = activeVersion(folder);
    const served = active === undefined ? undefined : positionOf(folder, active);
    const upTo = Math.max(Math.min(...positions), Math.min(served ?? 0, position - changesKept));
    for (let dropped = 1; dropped > 0; changes += dropped) {
      dropped = await writes.run({ kind: 'dropChanges', upTo });
    }
  }
  return { snapshots, changes };
}
