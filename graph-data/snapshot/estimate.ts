import type { GraphCounts } from '../database/index.ts';
import { type BuildOptions, isAnalysedByDefault } from './analyse.ts';
import { layOut, sectionBytes, sectionNames } from './format.ts';

export interface Estimate {
  readonly counts: GraphCounts;
  /** Size of the snapshot file; exact before pruning, which takes some 8 bytes off for each save that it drops. */
  readonly snapshotBytes: number;
  /** Shared memory of the graph that is served, with its analysis; exact before pruning, as above. */
  readonly graphBytes: number;
  /** Peak memory of the build, beside some 60 MB of Node itself; pruning takes 20 bytes a save, and topic vectors, but after the analysis. */
  readonly buildBytes: number;
  /** Time of the build on a core of 2.6 GHz; within a factor of two elsewhere. */
  readonly buildSeconds: number;
}

/** What a build costs, known before it runs. */
export function estimateBuild(counts: GraphCounts, options: Pick<BuildOptions, 'analysis'> = {}): Estimate {
  const isAnalysed = options.analysis ?? isAnalysedByDefault(counts);
  const bytes = sectionBytes(counts, isAnalysed);
  const graphBytes = sectionNames.reduce((sum, name) => sum + bytes[name], 0);
  const noHashes = Object.fromEntries(sectionNames.map((name) => [name, ''])) as Record<
    keyof typeof bytes,
    string
  >;
  return {
    counts,
    snapshotBytes: layOut(counts, { analysis: isAnalysed }, 0, noHashes).fileBytes,
    graphBytes,
    // The graph, SQLite's page cache, and what Louvain keeps.
    buildBytes: graphBytes + 64 * 2 ** 20 + (isAnalysed ? analysisBytesPerSave * counts.saves : 0),
    buildSeconds:
      counts.saves / savesPerSecond +
      (counts.boards + counts.pins) / nodesPerSecond +
      (isAnalysed ? counts.saves / analysedSavesPerSecond : 0),
  };
}

/** From `npm run bench`: the sample graph and 20 M synthetic saves. */
const savesPerSecond = 3e6;
const nodesPerSecond = 3e6;
/** Between the sample graph, which is faster, and 5 M synthetic saves, which are slower. */
const analysedSavesPerSecond = 160_000;
const analysisBytesPerSave = 240;
