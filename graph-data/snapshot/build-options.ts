import type { Adjacency, ContentBuildParams, LinearBuildParams, PruneOptions } from '../../engine/index.ts';
import type { GraphCounts, Origin } from '../database/index.ts';

/** The saves of a database in one state, in memory. */
export interface SavesInMemory {
  readonly boardToPin: Adjacency;
  /** The state, which another change ends. */
  readonly origin: Origin;
}

export interface BuildOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  /** Spares reading the saves if the database is still in their state. */
  readonly saves?: SavesInMemory | undefined;
  /** Whether to compute PageRank and communities. Default: for up to {@link analysisSavesMax} saves. */
  readonly analysis?: boolean | undefined;
  /** How to prune the graph ({@link pruneGraph}). Default: not at all. */
  readonly prune?: PruneOptions | undefined;
  /** How to compute item weights, for the algorithm `linear`. Default: not at all. */
  readonly linear?: LinearBuildParams | undefined;
  /** How to compare what pins say, for `virtualWeight`. Default: not at all. */
  readonly content?: ContentBuildParams | undefined;
}

export interface BuildProgress {
  readonly doing:
    | 'reading saves'
    | 'computing PageRank'
    | 'finding communities'
    | 'naming interests'
    | 'pruning'
    | 'computing item weights'
    | 'reading texts'
    | 'comparing texts';
  /** Saves done so far, of `total`; for item weights and texts, pins. */
  readonly done: number;
  readonly total: number;
}

/**
 * Maximum number of saves to analyse by default. At 5 M, the analysis takes about 50 s and 1.4 GB, reading 2 s. More was
 * not measured: Louvain allocates objects per node, which must fit into the JavaScript heap.
 */
const analysisSavesMax = 5_000_000;

/** Whether a build computes PageRank and communities. */
export function isAnalysed({ saves }: GraphCounts, { analysis }: Pick<BuildOptions, 'analysis'>): boolean {
  return analysis ?? saves <= analysisSavesMax;
}
