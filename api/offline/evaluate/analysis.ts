import { type GraphAnalysis, type PinBoardGraph, type Pipeline, nodeCount } from '../../../engine/index.ts';
import { findCommunities, globalPageRank } from '../../../graph-data/index.ts';

/** PageRank and communities of graphs, computed once each and only if a pipeline uses them: seconds per million saves. */
export class GraphAnalyses {
  readonly #cache = new WeakMap<
    PinBoardGraph,
    { -readonly [Name in keyof GraphAnalysis]: GraphAnalysis[Name] }
  >();

  /** The analysis that the pipeline needs, computed as in a build. */
  for(graph: PinBoardGraph, { score, rerank }: Pipeline): GraphAnalysis {
    const analysis = this.#cache.get(graph) ?? {};
    this.#cache.set(graph, analysis);
    if (score.hubCorrection !== 0) analysis.pageRank ??= globalPageRank(graph).pins;
    if (rerank.diversity > 0) analysis.communities ??= pinCommunities(graph);
    return analysis;
  }
}

function pinCommunities(graph: PinBoardGraph): GraphAnalysis['communities'] {
  const { levels, pins } = findCommunities(graph);
  return { levels, pinCount: nodeCount(graph.pinToBoard), pins };
}
