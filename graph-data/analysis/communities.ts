import louvainModule from 'graphology-communities-louvain';
import { type PinBoardGraph, nodeCount, sharedInt32Array } from '../../engine/graph/index.ts';
import { nextUnit, randomStream } from '../../engine/random/index.ts';
import { type Communities, communityLevels } from '../communities.ts';
import { graphologyView } from '../graphology/index.ts';

/** Louvain makes random choices; a fixed seed gives equal communities for equal graphs. */
const communitiesSeed = 1;

/** The CommonJS module is the function itself, which its types call `default`. */
const louvain = louvainModule as unknown as typeof louvainModule.default;

/**
 * Communities by the Louvain method, which moves nodes to the community that increases modularity most, then merges each
 * community into one node and repeats. Blondel et al., "Fast unfolding of communities in large networks", 2008,
 * doi:10.1088/1742-5468/2008/10/P10008; computed by graphology-communities-louvain on the view.
 *
 * About O(saves) in practice, without a proven bound (measurements in docs/graphology.md). Deterministic by seed.
 */
export function findCommunities(graph: PinBoardGraph, randomSeed: number = communitiesSeed): Communities {
  const pinCount = nodeCount(graph.pinToBoard);
  const nodes = pinCount + nodeCount(graph.boardToPin);
  const stream = randomStream(randomSeed);
  // Without a weight getter, Louvain stores weights as integers, which halves its memory.
  const options = { getEdgeWeight: null, rng: () => nextUnit(stream) };
  const { dendrogram } = louvain.detailed(graphologyView(graph), options);
  // The first level has one community per node. A graph without saves has no dendrogram.
  const found = (dendrogram ?? []).slice(1);
  const kept = [0, Math.floor((found.length - 1) / 2), found.length - 1].map((level) => found[level]);

  const pins = sharedInt32Array(communityLevels * pinCount);
  const boards = sharedInt32Array(communityLevels * (nodes - pinCount));
  for (const [level, communities] of kept.entries()) {
    for (let node = 0; node < nodes; node++) {
      // Louvain numbers the communities of a level in node order.
      const community = communities?.[node] ?? node;
      if (node < pinCount) pins[level * pinCount + node] = community;
      else boards[level * (nodes - pinCount) + node - pinCount] = community;
    }
  }
  return { levels: communityLevels, pins, boards };
}
