import type {
  ContentBuildParams,
  LinearBuildParams,
  LinearWeights,
  PinBoardGraph,
  PinContent,
} from '../../engine/index.ts';
import type { PinsSaid } from '../content/index.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import type { GraphCounts } from '../database/index.ts';
import type { BuildOptions } from './build-options.ts';
import type { Analysis } from './sections.ts';

// What only builds need is imported by them: threads that read snapshots enter the same index.ts.

/** Computes PageRank and communities. Each blocks: progress is reported and the signal checked only between them. */
export async function analyse(
  graph: PinBoardGraph,
  { saves }: GraphCounts,
  { signal, onProgress }: BuildOptions,
): Promise<Analysis> {
  const { findCommunities, globalPageRank } = await import('../analysis/index.ts');
  onProgress?.({ doing: 'computing PageRank', done: saves, total: saves });
  await yieldToEventLoop(signal);
  const { pins: pageRank } = globalPageRank(graph);
  onProgress?.({ doing: 'finding communities', done: saves, total: saves });
  await yieldToEventLoop(signal);
  return { pageRank, communities: findCommunities(graph) };
}

/** Computes item weights, on all cores. */
export async function itemWeights(
  graph: PinBoardGraph,
  params: LinearBuildParams,
  { prune, signal, onProgress }: BuildOptions,
): Promise<LinearWeights> {
  const { computeLinear } = await import('../linear/index.ts');
  return computeLinear(graph, params, {
    isPruned: prune !== undefined,
    signal,
    onProgress: (done, total) => onProgress?.({ doing: 'computing item weights', done, total }),
  });
}

/** Compares what pins say. */
export async function compareTexts(
  graph: PinBoardGraph,
  said: PinsSaid,
  params: ContentBuildParams,
  { signal, onProgress }: BuildOptions,
): Promise<PinContent> {
  const { computeContent } = await import('../content/index.ts');
  return computeContent(graph, said, params, signal, (done, total) =>
    onProgress?.({ doing: 'comparing texts', done, total }),
  );
}
