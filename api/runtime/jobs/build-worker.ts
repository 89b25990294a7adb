import { openDataFolder } from '../../../graph-data/base/index.ts';
import { type BuildProgress, type BuildReport, buildSnapshot } from '../../../graph-data/snapshot/index.ts';
import { runForParent } from '../threads/index.ts';

await runForParent<string, BuildReport, BuildProgress>(async (dataFolder, onProgress, signal) =>
  buildSnapshot(openDataFolder(dataFolder), () => performance.now(), { signal, onProgress }),
);
