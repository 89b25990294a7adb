import { check, type ParamSpec, type Work, prices, resolveParams } from '../base/index.ts';
import {
  type ExactScratch,
  type Popularity,
  createExactScratch,
  itemKnn,
  itemKnnParams,
  paths,
  pathsParams,
  popular,
  popularNow,
  popularityOf,
  ppr,
  pprParams,
} from '../exact/index.ts';
import { type PinContent, VirtualSaves } from '../content/index.ts';
import { type NodeKind, type PinBoardGraph, degreeOf, nodeCount, saveCount } from '../graph/index.ts';
import { type LinearWeights, linear, linearParams } from '../linear/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import { type IsExcluded, type TopPins, rareSavesMax, specificityOf } from '../rank/index.ts';
import {
  type PixieOptions,
  type PixieParams,
  type WalkScratch,
  checkPixieParams,
  createWalkScratch,
  pixie,
  pixieParams,
} from '../walk/index.ts';

export type AlgorithmName = 'pixie' | 'paths' | 'ppr' | 'itemknn' | 'linear' | 'popular';

/** The algorithms by name, each with the specs of its parameters. */
export const algorithms: Readonly<Record<AlgorithmName, Readonly<Record<string, ParamSpec>>>> = {
  pixie: pixieParams,
  paths: pathsParams,
  ppr: pprParams,
  itemknn: itemKnnParams,
  linear: linearParams,
  popular: {},
};
export const algorithmNames: readonly AlgorithmName[] = Object.keys(algorithms) as AlgorithmName[];

/** Parameters of any algorithm, by name; checked against its specs. */
export type Params = Readonly<Record<string, number | string | boolean>>;

/** What an algorithm reports of its work. */
export type Stats = Readonly<Record<string, number | boolean>> & { readonly candidates: number };

/** The parameters with defaults filled in. Throws `invalid-parameter`, naming the parameter at fault. */
function resolveParamsOf(algorithm: AlgorithmName, given: Params): Params {
  return resolveParams<Record<string, number | string | boolean>>(algorithms[algorithm], given);
}

/** Throws `invalid-parameter` for resolved parameters that do not go together. */
export function checkParamsOf(algorithm: AlgorithmName, params: Params, target: NodeKind): void {
  if (algorithm === 'pixie') checkPixieParams(params as unknown as PixieParams, target);
}

/** Whether an algorithm's values are shares of visits, whose lift {@link specificityOf} judges. */
export function hasSpecificity(algorithm: AlgorithmName): boolean {
  return algorithm === 'pixie' || algorithm === 'paths' || algorithm === 'ppr';
}

/** Whether item weights can be blended into an algorithm's scores. */
export function hasLinearShare(algorithm: AlgorithmName): boolean {
  return hasSpecificity(algorithm) || algorithm === 'itemknn';
}

/** Throws `invalid-parameter` for a specificity that the algorithm or the target does not have. */
export function checkSpecificity(algorithm: AlgorithmName, strength: number, target: NodeKind): void {
  if (strength === 0) return;
  check(target === 'pins', 'specificity', `ranks pins, not ${target}`);
  check(hasSpecificity(algorithm), 'specificity', `is for pixie, paths and ppr, not for ${algorithm}`);
}

/** What an algorithm is given beside its parameters. */
interface RunOptions extends Omit<PixieOptions, 'specificity'> {
  /** From 0 to 1; see {@link specificityOf}. Default: 0. */
  readonly specificity?: number | undefined;
  /** The item weights of the graph: `linear` needs them. */
  readonly linear?: LinearWeights | undefined;
}

/** All algorithms over one graph, with the scratch that they reuse; one per thread. */
export class Engine {
  readonly graph: PinBoardGraph;
  readonly walkScratch: WalkScratch = createWalkScratch();
  readonly #exactScratch: ExactScratch = createExactScratch();
  #popularity: Popularity | undefined;
  #saveCount: number | undefined;
  #rareSavesMax: number | undefined;
  #virtualSaves: VirtualSaves | undefined;

  constructor(graph: PinBoardGraph) {
    this.graph = graph;
  }

  /**
   * Fills `top` with the best pins for a query, by the algorithm of that name, never with one of the query's own
   * nor with an excluded one. Same graph, query, parameters and seed: same answer. Throws `invalid-parameter`.
   */
  recommend(
    algorithm: AlgorithmName,
    query: Query,
    params: Params,
    randomSeed: number,
    top: TopPins,
    isExcluded?: IsExcluded,
    { specificity: strength = 0, linear: weights, ...options }: RunOptions = {},
  ): Stats {
    const { target = 'pins', work, reusesWalk } = options;
    check(algorithm === 'pixie' || target === 'pins', 'target', 'boards and users are for pixie');
    checkSpecificity(algorithm, strength, target);
    const { graph, walkScratch } = this;
    const saves = strength === 0 ? 0 : this.#saves();
    const specificity = specificityOf(graph, query.pins, strength, saves);
    switch (algorithm) {
      case 'pixie':
        return {
          ...pixie(graph, query, params, randomSeed, walkScratch, top, isExcluded, {
            ...options,
            specificity,
          }),
        };
      case 'paths':
        return {
          ...paths(graph, query, params, this.#exactScratch, top, isExcluded, {
            specificity,
            work,
            reusesMasses: reusesWalk,
          }),
        };
      case 'ppr':
        return { ...ppr(graph, query, params, this.#exactScratch, top, isExcluded, { specificity, work }) };
      case 'itemknn':
        return { ...itemKnn(graph, query, params, this.#exactScratch, top, isExcluded, work) };
      case 'linear':
        check(weights !== undefined, 'algorithm', noLinearWeights);
        return { ...linear(graph, weights, query, params, this.#exactScratch, top, isExcluded, work) };
      case 'popular':
        resolveParamsOf('popular', params);
        return this.#popularBut(query, top, isExcluded, work);
      default:
        return noSuchAlgorithm(algorithm);
    }
  }

  /** The most saved pins, for a query without pins. O(pins) for a live graph, else the first time only. */
  popular(top: TopPins, isExcluded?: IsExcluded, work?: Work): Stats {
    if (this.graph.writes !== undefined) return popularNow(this.graph, top, isExcluded, work);
    this.#popularity ??= popularityOf(this.graph);
    return popular(this.#popularity, top, isExcluded, work);
  }

  /** Virtual saves over these links, with the scratch of this engine. */
  virtualSaves({ links, live }: PinContent): VirtualSaves {
    if (this.#virtualSaves?.links !== links) this.#virtualSaves = new VirtualSaves(this.graph, links, live);
    return this.#virtualSaves;
  }

  /** O(boards) for an immutable graph, the first time only. */
  #saves(): number {
    if (this.graph.writes !== undefined) return saveCount(this.graph);
    return (this.#saveCount ??= saveCount(this.graph));
  }

  /** Saves up to which a pin is rare: see {@link rareSavesMax}. O(pins) for a live graph, else the first time only. */
  rareSavesMax(work?: Work): number {
    if (this.graph.writes === undefined) return (this.#rareSavesMax ??= rareSavesMax(this.graph));
    work?.count(nodeCount(this.graph.pinToBoard), prices.node);
    return rareSavesMax(this.graph);
  }

  #popularBut(query: Query, top: TopPins, isExcluded: IsExcluded | undefined, work: Work | undefined): Stats {
    const { pins, includeQueryPins } = normalizeQuery(this.graph, query);
    if (includeQueryPins === true) return this.popular(top, isExcluded, work);
    const isQueryPin = new Set(pins);
    const isLeftOut: IsExcluded = (pin) => isQueryPin.has(pin) || isExcluded?.(pin) === true;
    const { candidates } = this.popular(top, isLeftOut, work);
    const own = pins.filter((pin) => degreeOf(this.graph.pinToBoard, pin) > 0).length;
    return { candidates: Math.max(0, candidates - own) };
  }
}

/** The fault of `linear` and `linearShare` on a graph without item weights. */
export const noLinearWeights =
  'linear and linearShare need the item weights of a snapshot: build one with them (pinwalk build --linear)';

function noSuchAlgorithm(name: never): never {
  check(false, 'algorithm', `there is no ${String(name)}; there are ${algorithmNames.join(', ')}`);
}
