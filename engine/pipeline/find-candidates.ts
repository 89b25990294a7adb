import { type Work, prices } from '../base/index.ts';
import { type PinContent, withStandIns } from '../content/index.ts';
import type { AlgorithmName, Engine, Params } from './algorithms.ts';
import type { NodeKind } from '../graph/index.ts';
import type { LinearWeights } from '../linear/index.ts';
import type { Query } from '../query.ts';
import { type IsExcluded, TopPins } from '../rank/index.ts';
import type { OnStep } from '../walk/index.ts';
import { addContent, reachedMax } from './add-content.ts';
import { type Found, blendLinear, blendedMin } from './blend-linear.ts';
import type { Pipeline } from './pipeline.ts';
import { type SaveCounts, popularNodes, targetCount } from './popular-nodes.ts';

interface Source {
  readonly engine: Engine;
  readonly target: NodeKind;
  readonly pipeline: Pipeline;
  readonly query: Query;
  readonly randomSeed: number;
  readonly isExcluded: IsExcluded;
  readonly reusesWalk: boolean;
  readonly work: Work;
  readonly linear: LinearWeights | undefined;
  readonly content: PinContent | undefined;
  readonly recentSaves: ((windowDays: number, target: NodeKind) => SaveCounts) | undefined;
}

/** The candidates of one run of a pipeline: those of its algorithm, blended with item weights, then with virtual saves. */
export class CandidateFinder {
  /** Whether the most saved nodes are the whole list, which no later stage changes. */
  readonly isByCount: boolean;
  /** Whether the list of `k` is the beginning of a longer one: neither weights nor content are blended in. */
  readonly isByRank: boolean;
  /** Nodes of the target kind. */
  readonly count: number;
  /** Where walks start: pins that stand in for those without saves included. */
  readonly query: Query;
  readonly isExcluded: IsExcluded;
  readonly #source: Source;
  readonly #content: PinContent | undefined;
  readonly #recent: SaveCounts | undefined;
  readonly #reusesWalk: boolean;

  constructor(source: Source) {
    const { engine, target, pipeline, query, isExcluded } = source;
    const { algorithm, virtualWeight, windowDays } = pipeline.candidates;
    const isColdStart = query.pins.length === 0;
    const isPopular = algorithm === 'popular';
    this.#source = source;
    this.count = targetCount(engine.graph, target);
    this.isByCount = isColdStart || (isPopular && target !== 'pins');
    if (windowDays > 0 && (isColdStart || isPopular)) this.#recent = source.recentSaves?.(windowDays, target);
    const usesContent = virtualWeight > 0 && target === 'pins' && !isColdStart && !isPopular;
    this.#content = usesContent ? source.content : undefined;
    const isBlended = pipeline.score.linearShare > 0 && source.linear !== undefined;
    this.isByRank = !this.isByCount && !isBlended && this.#content === undefined;
    this.query = this.#content === undefined ? query : withStandIns(engine.graph, this.#content, query);
    const own = new Set(query.pins);
    this.isExcluded = this.query === query ? isExcluded : (pin) => own.has(pin) || isExcluded(pin);
    this.#reusesWalk = source.reusesWalk || pipeline.rerank.rareShare > 0 || this.#content !== undefined;
  }

  /** The `k` best, best first. `onStep` is called after every step of a walk. */
  find(k: number, onStep?: OnStep, isExcluded: IsExcluded = this.isExcluded): Omit<Found, 'best'> {
    const { engine, target, work } = this.#source;
    const kept = Math.max(1, Math.min(k, this.count));
    if (this.isByCount || this.#recent !== undefined) {
      return popularNodes(engine, target, kept, isExcluded, this.#recent, work);
    }
    const own = this.#blended(kept, onStep, isExcluded);
    return this.#content === undefined ? own : this.#withContent(own, kept, isExcluded, this.#content);
  }

  #blended(k: number, onStep: OnStep | undefined, isExcluded: IsExcluded): Found {
    const { target, work, linear, pipeline } = this.#source;
    const { algorithm, params } = pipeline.candidates;
    const { linearShare, specificity } = pipeline.score;
    const options = { target, onStep, reusesWalk: this.#reusesWalk, specificity };
    if (linearShare === 0 || linear === undefined)
      return this.#run(algorithm, params, k, isExcluded, options);
    const size = Math.min(Math.max(k, blendedMin), this.count);
    // First, so that a walk that uses up the work leaves the weights whole: they take little.
    const weights = this.#run('linear', {}, size, isExcluded);
    const own = this.#run(algorithm, params, size, isExcluded, options);
    work.count(own.found.length + weights.found.length, prices.candidate);
    return blendLinear(own, weights, linearShare, k);
  }

  /** Scores the same walk for all pins that it reached: excluded ones pass their mass on as well. */
  #withContent(own: Found, k: number, isExcluded: IsExcluded, content: PinContent): Found {
    const { engine, target, work, query, pipeline } = this.#source;
    const { algorithm, params } = pipeline.candidates;
    const whole = { ...this.query, includeQueryPins: true };
    const size = Math.min(reachedMax, this.count);
    const { found } = this.#run(algorithm, params, size, undefined, { target, reusesWalk: true }, whole);
    work.count(found.length, prices.candidate);
    const reached = { found, query, isExcluded };
    return addContent(own, reached, engine.virtualSaves(content), pipeline.candidates, k, work);
  }

  #run(
    algorithm: AlgorithmName,
    params: Params,
    size: number,
    isExcluded: IsExcluded | undefined,
    options: Omit<NonNullable<Parameters<Engine['recommend']>[6]>, 'work' | 'linear'> = {},
    query: Query = this.query,
  ): Found {
    const { engine, randomSeed, work, linear } = this.#source;
    const top = new TopPins(size);
    const all = { ...options, work, linear };
    const stats = engine.recommend(algorithm, query, params, randomSeed, top, isExcluded, all);
    return { stats, found: top.drain(), best: top.best };
  }
}
