import { openDataFolder } from '../../../graph-data/base/index.ts';
import {
  type BuildProgress,
  type BuildReport,
  activeLinear,
  buildSnapshot,
} from '../../../graph-data/snapshot/index.ts';
import { runForParent } from '../threads/index.ts';

await runForParent<string, BuildReport, BuildProgress>(async (dataFolder, onProgress, signal) => {
  const folder = openDataFolder(dataFolder);
  // What is served stays servable: a graph with item weights is rebuilt with them.
  const linear = activeLinear(folder);
  return buildSnapshot(folder, () => performance.now(), { signal, onProgress, linear });
});
