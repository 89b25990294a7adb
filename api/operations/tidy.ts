import { type DataFolder, activeVersion, listSnapshots, positionOf } from '../../graph-data/index.ts';
import { moduleBeside } from '../../graph-data/base/index.ts';
import { runInThread } from '../runtime/threads/index.ts';
import type { WriteThread } from '../runtime/writing/index.ts';
import type { PruneTask } from './prune-worker.ts';

/**
 * Keeps the data folder from growing with each build: deletes all but the newest `snapshotsKept` snapshots
 * (never the active one, nor the target of a rollback), then, in small portions between other writes, the
 * changes that no remaining snapshot needs to catch up, except the latest `changesKept`. Rejects as {@link
 * WriteThread.run} does.
 */
export async function tidy(
  folder: DataFolder,
  writes: Pick<WriteThread, 'run'>,
  { snapshotsKept, changesKept }: { readonly snapshotsKept: number; readonly changesKept: number },
  position: number,
): Promise<{ readonly snapshots: readonly string[]; readonly changes: number }> {
  const areTooMany = listSnapshots(folder).length > snapshotsKept;
  const snapshots = areTooMany ? await prune({ root: folder.root, snapshotsKept }) : [];
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

/**
 * In a thread, since only a snapshot that was read whole shows whether it can be the target of a rollback. Its start takes 0.2 s of processor
 * time, which the requests after a swap need: no thread starts unless there is something to delete.
 */
async function prune(task: PruneTask): Promise<string[]> {
  const worker = moduleBeside('prune-worker', import.meta.url);
  return runInThread<string[]>(worker, task, { isInBackground: true });
}
