import {
  Engine,
  type PinBoardGraph,
  TopPins,
  degreeOf,
  lsa,
  neighborsOf,
  nodeCount,
  presets,
  resolvePipeline,
  runPipeline,
  tagWeights,
} from '../../../engine/index.ts';
import { findCommunities } from '../../../graph-data/analysis/index.ts';
import { wardClusters } from './ward.ts';

/** How much a person is expected to like each tag. */
export type TagScores = ReadonlyMap<number, number>;

/** Predicts a person's tags from their saves. */
export interface Profile {
  readonly name: string;
  readonly of: (user: number) => TagScores;
}

/** Saves of a person that clusters are made of, at most. */
const clusteredMax = 100;
const dims = 64;
const lsaSeed = 1;

/** The profiles over one graph of saves, where users are boards, and the tags of pins. */
export class Profiles {
  readonly #graph: PinBoardGraph;
  readonly #tags: readonly (readonly number[])[];
  readonly #engine: Engine;
  readonly #communities: Int32Array;
  /** Unit vectors of the pins: LSA of who saved them. */
  readonly #vectors: Float32Array;

  constructor(graph: PinBoardGraph, tags: readonly (readonly number[])[]) {
    this.#graph = graph;
    this.#tags = tags;
    this.#engine = new Engine(graph);
    // The finest level: interests are the finest communities of some size.
    this.#communities = findCommunities(graph).pins.subarray(0, nodeCount(graph.pinToBoard));
    this.#vectors = unitVectors(graph);
  }

  popular(): Profile {
    const all = new Map<number, number>();
    for (const [pin, tags] of this.#tags.entries()) {
      for (const tag of tags) add(all, tag, degreeOf(this.#graph.pinToBoard, pin));
    }
    return { name: 'popular', of: () => all };
  }

  own(): Profile {
    return { name: 'own counts', of: (user) => this.#tagsOf([...this.#pinsOf(user)].map((pin) => [pin, 1])) };
  }

  ownTfIdf(): Profile {
    const frequency = new Map<number, number>();
    for (const tags of this.#tags) for (const tag of tags) add(frequency, tag, 1);
    const of = (user: number): TagScores =>
      new Map(
        [...this.own().of(user)].map(([tag, count]) => {
          return [tag, count * Math.log(this.#tags.length / frequency.get(tag)!)];
        }),
      );
    return { name: 'own TF-IDF', of };
  }

  /** The nearest pins to the mean of all vectors. */
  averaged(count: number): Profile {
    const of = (user: number): TagScores =>
      this.#tagsOf(this.#nearest(this.#mean(this.#pinsOf(user)), count));
    return { name: `one averaged vector, ${count} nearest`, of };
  }

  /** The nearest pins to the medoid of each of Ward's clusters, as many as its share of the saves. */
  ward(count: number, costMax: number): Profile {
    const of = (user: number): TagScores => {
      const pins = [...this.#pinsOf(user)].slice(0, clusteredMax);
      const clusters = wardClusters(pins, this.#vectors, dims, costMax).map(({ members, medoid }) => {
        return { size: members.length, center: this.#vectors.subarray(medoid * dims, (medoid + 1) * dims) };
      });
      return this.#nearestToAll(clusters, count);
    };
    return { name: `Ward clusters (${costMax}), medoids, ${count} nearest`, of };
  }

  /** The nearest pins to the mean of each community's saves. */
  communities(count: number): Profile {
    const of = (user: number): TagScores =>
      this.#nearestToAll(
        this.#groups(user).map((pins) => ({ size: pins.length, center: this.#mean(pins) })),
        count,
      );
    return { name: `communities, means, ${count} nearest`, of };
  }

  /** Pins that the walk from all saves finds, these included. */
  walk(count: number): Profile {
    const of = (user: number): TagScores => this.#tagsOf(this.#walked([...this.#pinsOf(user)], count));
    return { name: `walk from all saves, ${count} pins`, of };
  }

  /** Pins of the user's feed, what they saved included. */
  feed(count: number): Profile {
    const pipeline = resolvePipeline(presets.feed);
    const of = (user: number): TagScores => {
      const pins = [...this.#pinsOf(user)];
      const query = { pins, weights: pins.map(() => 1), includeQueryPins: true };
      const options = { limit: count, randomSeed: user + 1, isExcluded: () => false };
      const { best } = runPipeline(this.#engine, {}, query, pipeline, options);
      return this.#tagsOf(best.map(({ pin, score }) => [pin, score]));
    };
    return { name: `the walk of feeds, ${count} pins`, of };
  }

  /** Pins that walks from the saves of each community find, these included, each walk weighted by its saves. */
  apart(count: number): Profile {
    const of = (user: number): TagScores => {
      const saves = this.#pinsOf(user).length;
      return this.#tagsOf(
        this.#groups(user).flatMap((pins) => {
          const found = this.#walked(pins, Math.ceil((count * pins.length) / saves));
          const sum = found.reduce((total, [, score]) => total + score, 0);
          return found.map(([pin, score]): [number, number] => [pin, (score / sum) * pins.length]);
        }),
      );
    };
    return { name: `walk from each interest, ${count} pins`, of };
  }

  #pinsOf(user: number): Int32Array {
    return neighborsOf(this.#graph.boardToPin, user);
  }

  #groups(user: number): number[][] {
    const groups = new Map<number, number[]>();
    for (const pin of this.#pinsOf(user)) {
      const community = this.#communities[pin]!;
      groups.set(community, [...(groups.get(community) ?? []), pin]);
    }
    return [...groups.values()];
  }

  #walked(pins: readonly number[], count: number): [number, number][] {
    const top = new TopPins(Math.max(1, count));
    const query = { pins, weights: pins.map(() => 1), includeQueryPins: true };
    this.#engine.recommend('paths', query, {}, 1, top);
    return top.drain().map(({ pin, score }) => [pin, score]);
  }

  #mean(pins: Iterable<number>): Float32Array {
    const mean = new Float32Array(dims);
    for (const pin of pins)
      for (let dim = 0; dim < dims; dim++) mean[dim]! += this.#vectors[pin * dims + dim]!;
    return unit(mean);
  }

  #nearestToAll(clusters: readonly { size: number; center: Float32Array }[], count: number): TagScores {
    const saves = clusters.reduce((sum, { size }) => sum + size, 0);
    return this.#tagsOf(
      clusters.flatMap(({ size, center }) => this.#nearest(center, Math.ceil((count * size) / saves))),
    );
  }

  #nearest(center: Float32Array, count: number): [number, number][] {
    const top = new TopPins(count);
    for (let pin = 0; pin < this.#tags.length; pin++) {
      let sum = 0;
      for (let dim = 0; dim < dims; dim++) sum += center[dim]! * this.#vectors[pin * dims + dim]!;
      if (sum > 0 && top.wouldKeep(pin, sum)) top.offer(pin, sum);
    }
    return top.drain().map(({ pin, score }) => [pin, score]);
  }

  /** As served: the sum of the scores, scaled. */
  #tagsOf(pins: readonly (readonly [pin: number, weight: number])[]): TagScores {
    return tagWeights(
      pins.map(([pin, score]) => ({ pin, score })),
      (pin) => this.#tags[pin]!,
    );
  }
}

function unitVectors({ pinToBoard, boardToPin }: PinBoardGraph): Float32Array {
  const pins = nodeCount(pinToBoard);
  const starts = new Int32Array(pins + 1);
  for (let pin = 0; pin < pins; pin++) starts[pin + 1] = starts[pin]! + degreeOf(pinToBoard, pin);
  const columns = new Int32Array(starts[pins]!);
  for (let pin = 0; pin < pins; pin++) columns.set(neighborsOf(pinToBoard, pin), starts[pin]);
  // Users who save a lot say less of each pin.
  const values = Float64Array.from(columns, (board) => 1 / Math.sqrt(degreeOf(boardToPin, board)));
  const vectors = lsa({ starts, columns, values, columnCount: nodeCount(boardToPin) }, dims, lsaSeed, 2);
  for (let pin = 0; pin < pins; pin++) unit(vectors.subarray(pin * dims, (pin + 1) * dims));
  return vectors;
}

/** Scales a vector to length 1, in place; a zero vector stays. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  for (let dim = 0; dim < vector.length; dim++) vector[dim]! /= length || 1;
  return vector;
}

function add(scores: Map<number, number>, key: number, value: number): void {
  scores.set(key, (scores.get(key) ?? 0) + value);
}
