import {
  type BuildProgress,
  type BuildReport,
  buildSnapshot,
  openDataFolder,
} from '../../../graph-data/index.ts';
import { answerParent } from '../threads/index.ts';

await answerParent<string, BuildReport, BuildProgress>(async (dataFolder, onProgress, signal) =>
  buildSnapshot(openDataFolder(dataFolder), () => performance.now(), { signal, onProgress }),
);
