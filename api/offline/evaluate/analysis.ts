import {
  type GraphAnalysis,
  type LinearBuildParams,
  type PinBoardGraph,
  type Pipeline,
  linearBuildParams,
  nodeCount,
  resolveParams,
} from '../../../engine/index.ts';
import { computeLinear, findCommunities, globalPageRank } from '../../../graph-data/index.ts';

type Cached = { -readonly [Name in keyof GraphAnalysis]: GraphAnalysis[Name] } & {
  weights?: Promise<GraphAnalysis['linear']>;
};

/** PageRank, communities and item weights of graphs, computed once each and only if a pipeline uses them. */
export class GraphAnalyses {
  readonly #cache = new WeakMap<PinBoardGraph, Cached>();
  readonly #linear: LinearBuildParams;
  readonly #threads: number;

  constructor(threads: number, linear: Partial<LinearBuildParams> = {}) {
    this.#threads = threads;
    this.#linear = resolveParams(linearBuildParams, linear);
  }

  /** The analysis that the pipeline needs, computed as in a build. */
  async for(graph: PinBoardGraph, { candidates, score, rerank }: Pipeline): Promise<GraphAnalysis> {
    const analysis: Cached = this.#cache.get(graph) ?? {};
    this.#cache.set(graph, analysis);
    if (score.hubCorrection !== 0) analysis.pageRank ??= globalPageRank(graph).pins;
    if (rerank.diversity > 0 || rerank.calibration > 0) analysis.communities ??= pinCommunities(graph);
    const { pageRank, communities } = analysis;
    if (candidates.algorithm !== 'linear' && score.linearShare === 0) return { pageRank, communities };
    analysis.weights ??= computeLinear(graph, this.#linear, { threads: this.#threads });
    return { pageRank, communities, linear: await analysis.weights };
  }
}

function pinCommunities(graph: PinBoardGraph): GraphAnalysis['communities'] {
  const { levels, pins } = findCommunities(graph);
  return { levels, pinCount: nodeCount(graph.pinToBoard), pins };
}
