import { type ParamSpecs, Work, prices, resolveParams } from '../base/index.ts';
import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import type { IsExcluded, ScoredPin, TopPins } from '../rank/index.ts';
import { SparseVector } from '../sparse/index.ts';
import type { ContentLinks } from './content-links.ts';
import type { LiveLinks } from './live-links.ts';

/** Parameters of {@link VirtualSaves}. */
export interface VirtualSavesParams {
  readonly virtualWeight: number;
  readonly fadeSaves: number;
  readonly ownShare: number;
}

export const virtualSavesParams: ParamSpecs<VirtualSavesParams> = {
  virtualWeight: {
    kind: 'number',
    min: 0,
    max: 100,
    default: 1,
    about:
      'weight of pins with few saves whose content is like that of found pins, relative to these; needs a snapshot with content (`build --content`)',
  },
  fadeSaves: {
    kind: 'number',
    min: 1e-3,
    max: 1000,
    default: 1,
    about: 'for `virtualWeight`: the number of saves at which the content of a pin counts half',
  },
  ownShare: {
    kind: 'number',
    min: 0,
    max: 100,
    default: 0.1,
    about: 'mass that starts on the query pins themselves, relative to what the walk visits',
  },
};

/**
 * Scores pins with few saves or none as if they were saved, with small weight, on the boards of the pins that are like
 * them. A walk that ends at a board with mass m(b) leaves the mass V(i) = Σ m(b) on a pin i, over the boards of i; through
 * virtual saves it leaves on a pin j the mass of j's nearest pins. So nothing is added to the graph:
 *
 *     score(j) = V(j) + virtualWeight · fadeSaves / (fadeSaves + d_j) · Σ_i s_ij · (V(i) + ownShare · w_i)
 *
 * with V scaled to sum 1, d_j the real saves of j, s_ij the weights of {@link ContentLinks} and w_i those of the query pins,
 * which sum to 1. The factor is Bayesian shrinkage: content is the prior, and counts as much as `fadeSaves` saves.
 */
export class VirtualSaves {
  readonly links: ContentLinks;
  readonly #graph: PinBoardGraph;
  readonly #live: LiveLinks | undefined;
  readonly #mass: SparseVector = new SparseVector();
  readonly #scores: SparseVector = new SparseVector();

  /** `live`: lists that replace those of `links`, if the graph is live. */
  constructor(graph: PinBoardGraph, links: ContentLinks, live?: LiveLinks) {
    this.#graph = graph;
    this.#live = live;
    this.links = links;
  }

  /**
   * The sum of the formula, without V(j): what virtual saves add. The vector is valid until the next call. O(found + their
   * links); less when `work` ends before. Throws `invalid-parameter`.
   */
  added(
    found: readonly ScoredPin[],
    queryGiven: Query,
    paramsGiven: Partial<VirtualSavesParams>,
    work: Work = new Work(),
  ): SparseVector {
    const { pinToBoard } = this.#graph;
    const query = normalizeQuery(this.#graph, queryGiven);
    const { virtualWeight, fadeSaves, ownShare } = resolveParams(virtualSavesParams, paramsGiven);
    const pinCount = nodeCount(pinToBoard);
    const [mass, scores] = [this.#mass, this.#scores];
    mass.begin(pinCount);
    scores.begin(pinCount);
    if (virtualWeight === 0) return scores;
    const total = sumOf(found);
    for (const { pin, score } of found) if (score > 0) mass.add(pin, score / total);
    const weights = query.weights.reduce((sum, weight) => sum + weight, 0);
    if (ownShare > 0) {
      for (const [i, pin] of query.pins.entries()) mass.add(pin, (ownShare * query.weights[i]!) / weights);
    }
    const { starts, pins, weights: similarities } = this.links;
    const live = this.#live;
    for (let i = 0; i < mass.size; i++) {
      const source = mass.nodes[i]!;
      const amount = virtualWeight * fadeSaves * mass.values[source]!;
      if (live !== undefined) this.#addLive(live, source, amount, fadeSaves, work);
      if (source + 1 >= starts.length) continue;
      const from = starts[source]!;
      const to = from + work.take(starts[source + 1]! - from, prices.edge);
      for (let at = from; at < to; at++) {
        const pin = pins[at]!;
        if (live !== undefined && live.rowOf[pin] !== 0) continue;
        scores.add(pin, (amount * similarities[at]!) / (fadeSaves + degreeOf(pinToBoard, pin)));
      }
    }
    return scores;
  }

  /** What a source passes to pins whose lists are newer than the build: the latest of each. O(its entries). */
  #addLive(live: LiveLinks, source: number, amount: number, fadeSaves: number, work: Work): void {
    const { pinToBoard } = this.#graph;
    for (let next = Atomics.load(live.last, source); next > 0; next = live.before[next - 1]!) {
      if (work.take(1, prices.edge) === 0) return;
      const row = live.rows[next - 1]!;
      const pin = live.targets[row]!;
      if (live.rowOf[pin] !== row + 1) continue;
      const share = amount * live.weights[next - 1]!;
      this.#scores.add(pin, share / (fadeSaves + degreeOf(pinToBoard, pin)));
    }
  }

  /**
   * Offers the pins that a walk `found`, query pins included and scores at least 0, and those linked to them, except
   * excluded ones and the query's own. O(found + their links). Throws `invalid-parameter`.
   */
  offer(
    found: readonly ScoredPin[],
    query: Query,
    params: Partial<VirtualSavesParams>,
    top: TopPins,
    isExcluded: IsExcluded = () => false,
  ): void {
    const scores = this.added(found, query, params);
    const total = sumOf(found);
    for (const { pin, score } of found) if (score > 0) scores.add(pin, score / total);
    const own = new Set(query.pins);
    for (let i = 0; i < scores.size; i++) {
      const pin = scores.nodes[i]!;
      const score = scores.values[pin]!;
      if (top.wouldKeep(pin, score) && !own.has(pin) && !isExcluded(pin)) top.offer(pin, score);
    }
  }
}

function sumOf(found: readonly ScoredPin[]): number {
  return found.reduce((sum, { score }) => sum + Math.max(0, score), 0);
}
