import { check } from '../base/index.ts';

/** A promoted pin that suits a request. */
export interface PromotedMatch {
  readonly campaign: number;
  readonly pin: number;
  /** Its score divided by that of an undoubtedly relevant pin, in [0, 1]. */
  readonly walk: number;
  /** The share of the found pins, by score, that lies in its topic, in [0, 1]. */
  readonly interest: number;
  /** How far the request is in the campaign's audience, in [0, 1]. */
  readonly audience: number;
  /** Both `walk` and `interest`, in (0, 1]. */
  readonly relevance: number;
}

interface Kept {
  readonly match: PromotedMatch;
  readonly value: number;
}

/** Keeps the matches of the highest values: a binary heap with the worst on top. The order of adding does not matter. */
export class BestMatches {
  readonly #limit: number;
  readonly #heap: Kept[] = [];

  constructor(limit: number) {
    check(Number.isInteger(limit) && limit > 0, 'limit', `${limit} is not a positive integer`);
    this.#limit = limit;
  }

  /** A match of a lower value would not be kept. */
  get least(): number {
    return this.#heap.length < this.#limit ? -Infinity : this.#heap[0]!.value;
  }

  /** Whether a match would be kept: without it, most need no object. O(1). */
  isRoomFor(value: number, campaign: number, pin: number): boolean {
    if (this.#heap.length < this.#limit) return true;
    const { value: worst, match } = this.#heap[0]!;
    return value !== worst ? value > worst : campaign !== match.campaign ? campaign < match.campaign : pin < match.pin; // prettier-ignore
  }

  /** O(log limit). */
  add(match: PromotedMatch, value: number): void {
    const heap = this.#heap;
    const kept = { match, value };
    if (heap.length < this.#limit) {
      let at = heap.push(kept) - 1;
      for (let above = (at - 1) >> 1; at > 0 && isWorse(kept, heap[above]!); above = (at - 1) >> 1) {
        heap[at] = heap[above]!;
        at = above;
      }
      heap[at] = kept;
      return;
    }
    if (!isWorse(heap[0]!, kept)) return;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && isWorse(heap[below + 1]!, heap[below]!)) below++;
      if (!isWorse(heap[below]!, kept)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = kept;
  }

  /** All that were kept, best first. */
  drain(): PromotedMatch[] {
    return this.#heap.toSorted((a, b) => (isWorse(a, b) ? 1 : -1)).map(({ match }) => match);
  }
}

function isWorse(a: Kept, b: Kept): boolean {
  if (a.value !== b.value) return a.value < b.value;
  if (a.match.campaign !== b.match.campaign) return a.match.campaign > b.match.campaign;
  return a.match.pin > b.match.pin;
}
