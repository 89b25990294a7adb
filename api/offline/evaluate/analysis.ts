import { type GraphAnalysis, type PinBoardGraph, type Pipeline, nodeCount } from '../../../engine/index.ts';
import { findCommunities, globalPageRank } from '../../../graph-data/index.ts';

/** The analyses of graphs, each made once and only when a pipeline uses it: some seconds a million saves. */
export class Analyses {
  readonly #made = new WeakMap<
    PinBoardGraph,
    { -readonly [Name in keyof GraphAnalysis]: GraphAnalysis[Name] }
  >();

  /** What the pipeline needs to know of the graph, computed as a build does it. */
  for(graph: PinBoardGraph, { score, rerank }: Pipeline): GraphAnalysis {
    const made = this.#made.get(graph) ?? {};
    this.#made.set(graph, made);
    if (score.hubCorrection !== 0) made.pageRank ??= globalPageRank(graph).pins;
    if (rerank.diversity > 0) made.communities ??= pinCommunities(graph);
    return made;
  }
}

function pinCommunities(graph: PinBoardGraph): GraphAnalysis['communities'] {
  const { levels, pins } = findCommunities(graph);
  return { levels, pinCount: nodeCount(graph.pinToBoard), pins };
}
