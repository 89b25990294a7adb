import type { PinBoardGraph, PruneOptions } from '../../engine/index.ts';
import { findCommunities, globalPageRank } from '../analysis/index.ts';
import { breathe } from '../yield-to-event-loop.ts';
import type { GraphCounts } from '../database/index.ts';
import type { Analysis } from './format.ts';

export interface BuildOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  /** Whether to compute PageRank and communities; by default up to {@link analysisSavesMax} saves. */
  readonly analysis?: boolean | undefined;
  /** Prunes the graph ({@link pruneGraph}); by default it stays whole. */
  readonly prune?: PruneOptions | undefined;
}

export interface BuildProgress {
  readonly doing: 'reading saves' | 'computing PageRank' | 'finding communities' | 'pruning';
  /** Saves read, of how many. */
  readonly done: number;
  readonly total: number;
}

/**
 * Most saves that are analysed unasked. At 5 M it takes some 50 s and 1.4 GB, where reading takes 2 s. More was not
 * tried: Louvain keeps objects a node, which must fit in a JavaScript heap.
 */
export const analysisSavesMax = 5_000_000;

export function isAnalysedByDefault({ saves }: GraphCounts): boolean {
  return saves <= analysisSavesMax;
}

/** Each part is computed at one go: a stop is heard, and progress told, between them. */
export async function analyse(
  graph: PinBoardGraph,
  { saves }: GraphCounts,
  { signal, onProgress }: BuildOptions,
): Promise<Analysis> {
  onProgress?.({ doing: 'computing PageRank', done: saves, total: saves });
  await breathe(signal);
  const { pins: pageRank } = globalPageRank(graph);
  onProgress?.({ doing: 'finding communities', done: saves, total: saves });
  await breathe(signal);
  return { pageRank, communities: findCommunities(graph) };
}
