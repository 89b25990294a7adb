import {
  Engine,
  InterestIndex,
  type PinBoardGraph,
  TopPins,
  degreeOf,
  growTree,
  neighborsOf,
  nodeCount,
} from '../../../engine/index.ts';
import { findCommunities } from '../../../graph-data/analysis/index.ts';

/** Share of what everybody saves in a prediction, so that no interest is impossible. */
const background = 0.05;
const walkedPins = 500;
const shownInterests = 3;

/** How well a person's weights of interests predict their hidden saves. */
interface WeightQuality {
  /** Mean −ln p of the interest of a hidden save, in nats: lower is better. */
  readonly loss: number;
  /** Share of the hidden saves that is in the three interests with the largest weights. */
  readonly covered: number;
}

/** Weights of a person's interests by their saves, moved toward those of a walk from these. */
export class InterestWeights {
  readonly #graph: PinBoardGraph;
  readonly #engine: Engine;
  readonly #index: InterestIndex;
  readonly #all: Float64Array;

  constructor(graph: PinBoardGraph) {
    this.#graph = graph;
    this.#engine = new Engine(graph);
    const communities = findCommunities(graph);
    const nodes = growTree(graph, communities);
    const placed = nodes.map(({ level, community }, interest) => ({ level, community, interest }));
    this.#index = new InterestIndex(graph, communities, placed);
    const pins = Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => pin);
    this.#all = this.#shares(
      nodes.length,
      pins.map((pin) => [pin, degreeOf(graph.pinToBoard, pin)]),
    );
  }

  /** By share of the walk, 0 to 1; undefined for a person whose hidden saves have no interest. */
  judge(user: number, hidden: ArrayLike<number>, walkShares: readonly number[]): WeightQuality[] | undefined {
    const places = Array.from(hidden, (pin) => this.#index.of(pin)).filter((place) => place >= 0);
    if (places.length === 0) return undefined;
    const pins = [...neighborsOf(this.#graph.boardToPin, user)];
    const count = this.#all.length;
    const own = this.#shares(
      count,
      pins.map((pin) => [pin, 1]),
    );
    const top = new TopPins(walkedPins);
    const query = { pins, weights: pins.map(() => 1), includeQueryPins: true };
    this.#engine.recommend('paths', query, {}, 1, top);
    const walked = this.#shares(
      count,
      top.drain().map(({ pin, score }) => [pin, score]),
    );
    return walkShares.map((share) => {
      const weights = own.map((each, place) => (1 - share) * each + share * walked[place]!);
      const ranked = [...weights.keys()].toSorted((a, b) => weights[b]! - weights[a]! || a - b);
      const best = new Set(ranked.slice(0, shownInterests));
      const loss = places.map(
        (place) => -Math.log((1 - background) * weights[place]! + background * this.#all[place]!),
      );
      return {
        loss: loss.reduce((sum, each) => sum + each, 0) / places.length,
        covered: places.filter((place) => best.has(place)).length / places.length,
      };
    });
  }

  #shares(count: number, pins: readonly (readonly [pin: number, weight: number])[]): Float64Array {
    const sums = new Float64Array(count);
    let total = 0;
    for (const [pin, weight] of pins) {
      const place = this.#index.of(pin);
      if (place < 0) continue;
      sums[place]! += weight;
      total += weight;
    }
    return sums.map((sum) => sum / (total || 1));
  }
}
