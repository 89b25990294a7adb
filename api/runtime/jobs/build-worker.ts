import { openDataFolder } from '../../../graph-data/base/index.ts';
import {
  type BuildProgress,
  type BuildReport,
  buildSnapshot,
  contentOfBuild,
  linearOfBuild,
} from '../../../graph-data/snapshot/index.ts';
import { runForParent } from '../threads/index.ts';
import type { BuildTask } from './build-job.ts';

await runForParent<BuildTask, BuildReport, BuildProgress>(
  async ({ root, linear: given, content: givenContent }, onProgress, signal) => {
    const folder = openDataFolder(root);
    const linear = linearOfBuild(folder, given);
    const content = contentOfBuild(folder, givenContent);
    return buildSnapshot(folder, () => performance.now(), { signal, onProgress, linear, content });
  },
);
