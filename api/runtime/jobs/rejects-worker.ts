import { openDataFolder } from '../../../graph-data/base/index.ts';
import { removeLakeLeftovers } from '../../../graph-data/lake/index.ts';
import { type ErasedRejects, eraseFromRejects, isInRejects } from '../../../graph-data/writing/index.ts';
import { runForParent } from '../threads/index.ts';

/** Keys to find, or to erase, in the rejected rows of a data folder. */
export interface RejectsTask {
  readonly root: string;
  readonly keys: readonly string[];
  readonly isErasing: boolean;
}

await runForParent<RejectsTask, ErasedRejects | boolean>(({ root, keys, isErasing }) => {
  const folder = openDataFolder(root);
  if (!isErasing) return isInRejects(folder, keys);
  removeLakeLeftovers(folder.root);
  return eraseFromRejects(folder, keys);
});
