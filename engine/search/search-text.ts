import { TopPins } from '../rank/index.ts';
import { SparseVector } from '../sparse/index.ts';
import { type TextIndex, type WordVectors, pinsOfTerm } from './text-index.ts';
import { addTerm } from './word-vectors.ts';

/** A term of a query, and how much it counts: 1 as typed, less for a guess. */
export interface QueryTerm {
  readonly term: number;
  readonly weight: number;
}

/** A pin that a text finds: by its words and by its meaning, each relative to the best pin of this query, 0 to 1. */
export interface TextHit {
  readonly pin: number;
  readonly words: number;
  readonly content: number;
}

/** Pins by words, and by meaning, that are looked at. */
const foundMax = 500;
/** Entries of the index that one search reads: the rarest terms first. */
const entriesMax = 2_000_000;
/** Coordinates that one search compares: with more pins, meaning only ranks those with the words. */
const coordinatesMax = 2 ** 24;
/** Between two pauses: about 2 ms each. */
const entriesPerSlice = 2 ** 18;
const coordinatesPerSlice = 2 ** 21;
/** Less is chance. */
const cosineMin = 0.25;
/**
 * Rocchio's feedback (1971): the query moves toward its best hits, here in the space of meaning. Best pins, and how far the
 * query moves to their mean.
 */
const feedbackPins = 3;
const feedbackShare = 0.6;

/** Searches of one thread: they keep their memory from one search to the next. */
export class TextSearches {
  readonly #free: SparseVector[] = [];

  /**
   * Pins by BM25F over the terms, and by the cosine of the terms' place in the directions of {@link wordVectors}; the union of
   * the 500 best of each, in no order. Without `hasContent`, by words alone. Yields between slices of about 2 ms.
   * O(entries of the terms + pins · dims), bounded.
   */
  *run(index: TextIndex, terms: readonly QueryTerm[], hasContent = true): Generator<void, TextHit[]> {
    const scores = this.#free.pop() ?? new SparseVector();
    scores.begin(index.pinCount);
    try {
      yield* addWords(index, terms, scores);
      const byWords = bestOf(scores);
      const vectors = hasContent ? index.vectors : undefined;
      const place = vectors && placeOf(vectors, terms);
      if (vectors === undefined || place === undefined) {
        return byWords.map(({ pin, score }) => ({ pin, words: score / byWords[0]!.score, content: 0 }));
      }
      return yield* byMeaning(vectors, place, byWords, scores, index.pinCount);
    } finally {
      this.#free.push(scores);
    }
  }
}

type Scored = ReturnType<TopPins['drain']>;

function* addWords(index: TextIndex, terms: readonly QueryTerm[], scores: SparseVector): Generator<void> {
  const { starts, pins, weights } = index;
  let [read, slice] = [0, 0];
  for (const { term, weight } of terms.toSorted(
    (a, b) => pinsOfTerm(index, a.term) - pinsOfTerm(index, b.term),
  )) {
    for (let at = starts[term]!; at < starts[term + 1]!;) {
      const end = Math.min(starts[term + 1]!, at + entriesPerSlice - slice, at + entriesMax - read);
      if (end === at) return;
      read += end - at;
      slice += end - at;
      for (; at < end; at++) scores.add(pins[at]!, weight * weights[at]!);
      if (slice < entriesPerSlice) continue;
      slice = 0;
      yield;
    }
  }
}

function bestOf(scores: SparseVector): Scored {
  const top = new TopPins(foundMax);
  for (let i = 0; i < scores.size; i++) {
    const pin = scores.nodes[i]!;
    top.offer(pin, scores.values[pin]!);
  }
  return top.drain();
}

/** The place of the terms, of length 1; undefined where it is nowhere. */
function placeOf(
  { dims, terms: vectors }: WordVectors,
  terms: readonly QueryTerm[],
): Float64Array | undefined {
  const place = new Float64Array(dims);
  for (const { term, weight } of terms) addTerm(place, vectors, term, weight);
  return unit(place);
}

function unit(vector: Float64Array): Float64Array | undefined {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 ? vector.map((value) => value / length) : undefined;
}

function* byMeaning(
  vectors: WordVectors,
  place: Float64Array,
  byWords: Scored,
  scores: SparseVector,
  pinCount: number,
): Generator<void, TextHit[]> {
  const most = byWords[0]?.score ?? 1;
  const moved = towardBest(vectors, place, byWords, most);
  const top = new TopPins(foundMax);
  let compared = 0;
  const canScan = pinCount * vectors.dims <= coordinatesMax;
  const offer = (pin: number): void => {
    const cosine = cosineOf(vectors, moved, pin);
    if (cosine >= cosineMin) top.offer(pin, cosine);
  };
  const scanned = canScan ? pinCount : 0;
  for (let pin = 0; pin < scanned; pin++) {
    offer(pin);
    compared += vectors.dims;
    if (compared < coordinatesPerSlice) continue;
    compared = 0;
    yield;
  }
  if (!canScan) for (const { pin } of byWords) offer(pin);
  const found = top.drain();
  const nearest = found[0]?.score ?? 1;
  const pins = new Set([...byWords, ...found].map(({ pin }) => pin));
  return [...pins].map((pin) => ({
    pin,
    words: scores.values[pin]! / most,
    content: Math.max(0, cosineOf(vectors, moved, pin)) / nearest,
  }));
}

/** The place moved toward the mean of the best pins by words and meaning together. */
function towardBest(vectors: WordVectors, place: Float64Array, byWords: Scored, most: number): Float64Array {
  const { dims, pins, scales } = vectors;
  const top = new TopPins(feedbackPins);
  for (const { pin, score } of byWords) top.offer(pin, score / most + cosineOf(vectors, place, pin));
  const mean = new Float64Array(dims);
  for (const { pin } of top.drain()) {
    for (let dim = 0; dim < dims; dim++) mean[dim]! += pins[pin * dims + dim]! * scales[pin]!;
  }
  const direction = unit(mean);
  if (direction === undefined) return place;
  return unit(place.map((value, dim) => value + feedbackShare * direction[dim]!)) ?? place;
}

function cosineOf({ dims, pins, scales }: WordVectors, place: Float64Array, pin: number): number {
  const start = pin * dims;
  let sum = 0;
  for (let dim = 0; dim < dims; dim++) sum += place[dim]! * pins[start + dim]!;
  return sum * scales[pin]!;
}
