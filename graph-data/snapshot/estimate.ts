import type { GraphCounts } from '../database/index.ts';
import { layOut, sectionBytes, sectionNames } from './format.ts';

export interface Estimate {
  readonly counts: GraphCounts;
  /** Size of the snapshot file; exact. */
  readonly snapshotBytes: number;
  /** Shared memory of the graph that is served; exact. */
  readonly graphBytes: number;
  /** Peak memory of the build, beside some 60 MB of Node itself. */
  readonly buildBytes: number;
  /** Time of the build on a core of 2.6 GHz; within a factor of two elsewhere. */
  readonly buildSeconds: number;
}

/** What a build costs, known before it runs. */
export function estimateBuild(counts: GraphCounts): Estimate {
  const bytes = sectionBytes(counts);
  const graphBytes = sectionNames.reduce((sum, name) => sum + bytes[name], 0);
  const noHashes = Object.fromEntries(sectionNames.map((name) => [name, ''])) as Record<
    keyof typeof bytes,
    string
  >;
  return {
    counts,
    snapshotBytes: layOut(counts, 0, noHashes).fileBytes,
    graphBytes,
    // The graph and SQLite's page cache.
    buildBytes: graphBytes + 64 * 2 ** 20,
    buildSeconds: counts.saves / savesPerSecond + (counts.boards + counts.pins) / nodesPerSecond,
  };
}

/** From `npm run bench`: the sample graph and 20 M synthetic saves. */
const savesPerSecond = 3e6;
const nodesPerSecond = 3e6;
