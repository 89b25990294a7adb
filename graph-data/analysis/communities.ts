import louvainModule from 'graphology-communities-louvain';
import {
  type PinBoardGraph,
  nextUnit,
  nodeCount,
  randomStream,
  sharedInt32Array,
} from '../../engine/index.ts';
import { graphologyView } from '../graphology/index.ts';

/** How many levels are kept of however many there are, so that a snapshot's size is known beforehand. */
export const communityLevels = 3;

/**
 * Communities of pins and boards together, at three levels: the finest that were found, a middle one, and the
 * coarsest; a community of one level lies within one of the next. Level `l` of pin `p` is at `l · pins + p`,
 * of board `b` at `l · boards + b`. The communities of a level are numbered from 0 without gaps in order of
 * their first node, pins before boards. Fewer levels found: the coarsest repeats.
 */
export interface Communities {
  readonly levels: number;
  readonly pins: Int32Array<SharedArrayBuffer>;
  readonly boards: Int32Array<SharedArrayBuffer>;
}

/** Louvain's choices are random; with a seed that never changes, equal graphs give equal communities. */
const communitiesSeed = 1;

/** CommonJS: the function itself, which its types call `default`. */
const louvain = louvainModule as unknown as typeof louvainModule.default;

/**
 * Communities by the Louvain method, which moves nodes to where modularity grows most, then merges each
 * community into one node and goes on. Blondel et al., "Fast unfolding of communities in large networks",
 * 2008, doi:10.1088/1742-5468/2008/10/P10008; graphology-communities-louvain, run on the view.
 *
 * Near O(saves) in practice, with no bound proven: docs/graphology.md has the figures. Deterministic for a seed.
 */
export function findCommunities(graph: PinBoardGraph, randomSeed: number = communitiesSeed): Communities {
  const pinCount = nodeCount(graph.pinToBoard);
  const nodes = pinCount + nodeCount(graph.boardToPin);
  const stream = randomStream(randomSeed);
  // Saves have no weights here: without the getter, weights are integers and take half of the memory.
  const options = { getEdgeWeight: null, rng: () => nextUnit(stream) };
  const { dendrogram } = louvain.detailed(graphologyView(graph), options);
  // The first level has every node by itself. Of a graph without saves there is no dendrogram at all.
  const found = (dendrogram ?? []).slice(1);
  const kept = [0, Math.floor((found.length - 1) / 2), found.length - 1].map((level) => found[level]);

  const pins = sharedInt32Array(communityLevels * pinCount);
  const boards = sharedInt32Array(communityLevels * (nodes - pinCount));
  for (const [level, communities] of kept.entries()) {
    for (let node = 0; node < nodes; node++) {
      // Louvain numbers the communities of a level as it meets them, node by node.
      const community = communities?.[node] ?? node;
      if (node < pinCount) pins[level * pinCount + node] = community;
      else boards[level * (nodes - pinCount) + node - pinCount] = community;
    }
  }
  return { levels: communityLevels, pins, boards };
}
