import {
  type BuildProgress,
  type BuildReport,
  buildSnapshot,
  openDataFolder,
} from '../../../graph-data/index.ts';
import { runForParent } from '../threads/index.ts';

await runForParent<string, BuildReport, BuildProgress>(async (dataFolder, onProgress, signal) =>
  buildSnapshot(openDataFolder(dataFolder), () => performance.now(), { signal, onProgress }),
);
