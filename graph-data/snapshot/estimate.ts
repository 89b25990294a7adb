import type { GraphCounts } from '../database/index.ts';
import { type BuildOptions, isAnalysed } from './build-options.ts';
import { bySection, layOut, sectionBytes, sectionNames } from './format.ts';

interface Estimate {
  readonly counts: GraphCounts;
  /** Size of the snapshot file: exact without pruning, which saves about 8 bytes per dropped save. */
  readonly snapshotBytes: number;
  /** Shared memory of the served graph and its analysis, exact without pruning. */
  readonly graphBytes: number;
  /** Peak memory of the build, without about 60 MB for Node. Pruning, after the analysis, needs 20 bytes per save. */
  readonly buildBytes: number;
  /** Duration of the build on a core of 2.6 GHz; within a factor of two on others. */
  readonly buildSeconds: number;
}

/** Estimates the cost of a build from the counts alone. */
export function estimateBuild(counts: GraphCounts, options: Pick<BuildOptions, 'analysis'> = {}): Estimate {
  const analysis = isAnalysed(counts, options);
  const bytes = sectionBytes(counts, analysis);
  const graphBytes = sectionNames.reduce((sum, name) => sum + bytes[name], 0);
  const noHashes = bySection(() => '');
  return {
    counts,
    snapshotBytes: layOut(counts, { analysis }, 0, noHashes).fileBytes,
    graphBytes,
    // The graph, SQLite's page cache, and Louvain's objects.
    buildBytes: graphBytes + 64 * 2 ** 20 + (analysis ? analysisBytesPerSave * counts.saves : 0),
    buildSeconds:
      counts.saves / savesPerSecond +
      (counts.boards + counts.pins) / nodesPerSecond +
      (analysis ? counts.saves / analysedSavesPerSecond : 0),
  };
}

/** Measured by `npm run bench` on the sample graph and 20 M synthetic saves. */
const savesPerSecond = 3e6;
const nodesPerSecond = 3e6;
/** Between the rates of the sample graph (faster) and of 5 M synthetic saves (slower). */
const analysedSavesPerSecond = 160_000;
const analysisBytesPerSave = 240;
