import { meanOf, standardError } from '../metrics/index.ts';
import { TopPins } from '../rank/index.ts';

/** How much related words and popularity count in the score of a pin that a text finds, relative to its words. */
export interface SignalWeights {
  /** Of the cosine in the directions of `wordVectors`. */
  readonly content: number;
  /** Of ln(1 + boards). */
  readonly popularity: number;
}

/** The pins that a text found, with the strength of each signal, 0 to 1, and their relevance. */
export interface JudgedSearch {
  readonly pins: Int32Array;
  /** Words, content and popularity of each of `pins`. */
  readonly signals: Float64Array;
  /** By pin; 0 for all others. */
  readonly gains: ReadonlyMap<number, number>;
  /** The sum of discounted gains that counts 1. */
  readonly ideal: number;
  /**
   * The person who searched: actions of one person are correlated. Default: a different person in each search.
   */
  readonly person?: string | undefined;
}

/** Where nothing better is known: chosen on judged searches (docs/search.md). */
export const presetWeights: SignalWeights = { content: 1, popularity: 0.1 };

const offered: readonly SignalWeights[] = [0, 0.25, 0.5, 1, 1.5].flatMap((content) =>
  [0, 0.1, 0.3].map((popularity) => ({ content, popularity })),
);
const k = 10;
/** Standard errors by which weights must be better than those before. */
const errorsMin = 1;

/**
 * The weights of a grid that find most of what judged searches should find, by the sum of gains / log2(rank + 1) over the
 * first ten, relative to `ideal`: `before`, unless others are better by more than one standard error of the difference,
 * paired by search and clustered by person. Ties go to the smaller weights. O(grid · searches · pins).
 */
export function chooseWeights(searches: readonly JudgedSearch[], before: SignalWeights): SignalWeights {
  const persons = personsOf(searches);
  const known = qualitiesOf(searches, before, persons);
  let [chosen, most] = [before, 0];
  for (const weights of offered) {
    const differences = qualitiesOf(searches, weights, persons).map((value, i) => value - known[i]!);
    const gain = meanOf(differences);
    if (gain <= most || gain <= errorsMin * standardError(differences)) continue;
    [chosen, most] = [weights, gain];
  }
  return chosen;
}

/** The score of a pin by its signals. */
export function weightedSignals(
  words: number,
  content: number,
  popularity: number,
  weights: SignalWeights,
): number {
  return words + weights.content * content + weights.popularity * popularity;
}

/** `ideal` of a search that should find so many pins, all worth 1: NDCG@10. */
export function idealOf(count: number): number {
  let sum = 0;
  for (let rank = 1; rank <= Math.min(k, count); rank++) sum += discount(rank);
  return sum;
}

function discount(rank: number): number {
  return 1 / Math.log2(rank + 1);
}

/** The number of each search's person. */
function personsOf(searches: readonly JudgedSearch[]): Int32Array {
  const numbers = new Map<string, number>();
  let next = 0;
  return Int32Array.from(searches, ({ person }) => {
    if (person === undefined) return next++;
    const number = numbers.get(person) ?? next++;
    numbers.set(person, number);
    return number;
  });
}

/** The sum over the searches of each person. */
function qualitiesOf(
  searches: readonly JudgedSearch[],
  weights: SignalWeights,
  persons: Int32Array,
): Float64Array {
  const sums = new Float64Array(persons.reduce((largest, person) => Math.max(largest, person + 1), 0));
  for (const [s, { pins, signals, gains, ideal }] of searches.entries()) {
    const top = new TopPins(k);
    for (let i = 0; i < pins.length; i++) {
      const [words, content, popularity] = [signals[3 * i]!, signals[3 * i + 1]!, signals[3 * i + 2]!];
      // Where related words count 0, searches do not list what only these find.
      if (weights.content === 0 && words === 0) continue;
      top.offer(pins[i]!, weightedSignals(words, content, popularity, weights));
    }
    let gained = 0;
    for (const [i, { pin }] of top.drain().entries()) gained += (gains.get(pin) ?? 0) * discount(i + 1);
    sums[persons[s]!]! += gained / ideal;
  }
  return sums;
}
