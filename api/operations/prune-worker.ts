import { openDataFolder } from '../../graph-data/base/index.ts';
import { pruneSnapshots } from '../../graph-data/snapshot/index.ts';
import { runForParent } from '../runtime/threads/index.ts';

export interface PruneTask {
  readonly root: string;
  readonly snapshotsKept: number;
}

await runForParent(({ root, snapshotsKept }: PruneTask) =>
  pruneSnapshots(openDataFolder(root), snapshotsKept),
);
