import {
  type PinBoardGraph,
  type PinTopics,
  type PruneOptions,
  type PruneReport,
  nodeCount,
  pruneGraph,
  saveCount,
} from '../../engine/graph/index.ts';
import { type Communities, communityLevels } from '../communities.ts';
import { DataError } from '../errors.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import type { BuildOptions } from './build-options.ts';
import type { SnapshotPruning } from './snapshot-options.ts';

/** The coarsest communities: where levels differed in recommendation quality, they were best (docs/pruning.md). */
const communityLevel = communityLevels - 1;

/** Prunes by topic vectors if available, otherwise by communities. Blocks: the signal is checked only before. */
export async function prune(
  { graph, vectors }: { readonly graph: PinBoardGraph; readonly vectors: PinTopics | undefined },
  communities: Communities | undefined,
  options: PruneOptions,
  { signal, onProgress }: BuildOptions,
): Promise<{ graph: PinBoardGraph; report: PruneReport; pruning: SnapshotPruning }> {
  const saves = saveCount(graph);
  onProgress?.({ doing: 'pruning', done: saves, total: saves });
  await yieldToEventLoop(signal);
  const topics = vectors ?? (communities && communityTopics(communities, nodeCount(graph.pinToBoard)));
  if (topics === undefined) throw noTopics();
  const { delta, entropyShareDropped } = options;
  return {
    ...pruneGraph(graph, topics, options),
    pruning: { delta, entropyShareDropped, topics: topics.kind },
  };
}

/** Throws `no-topics` if there is nothing to prune by. To be called before the long work of a build. */
export function assertTopics(vectors: PinTopics | undefined, hasCommunities: boolean): void {
  if (vectors === undefined && !hasCommunities) throw noTopics();
}

/** Communities of one level as topics. Default: the coarsest level. */
export function communityTopics(
  communities: Communities,
  pinCount: number,
  level: number = communityLevel,
): PinTopics & { readonly kind: 'communities' } {
  const start = level * pinCount;
  return { kind: 'communities', communities: communities.pins.subarray(start, start + pinCount) };
}

function noTopics(): DataError {
  return new DataError(
    'no-topics',
    'pruning needs the topics of pins: build with --analysis, which finds communities, ' +
      'or give most pins an attribute "topics" (pinwalk import pins.jsonl)',
  );
}
