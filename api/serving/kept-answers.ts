import { LRUCache } from 'lru-cache';
import type { RecommendationRequest } from '../recommending/index.ts';

/** What an answer's next page needs. */
export interface KeptAnswer {
  readonly request: RecommendationRequest;
  /** Keys of the target that this page and those before it have shown. */
  readonly seen: readonly string[];
}

const keptMinutes = 30;
/** Keys that all kept answers may hold together: some 100 MB. */
const keysMax = 1_000_000;

/** The latest answers by id, for 30 minutes or until there are too many. */
export class KeptAnswers {
  readonly #answers: LRUCache<string, KeptAnswer>;

  constructor(now: () => number, keptMax: number) {
    this.#answers = new LRUCache({
      max: keptMax,
      maxSize: keysMax,
      sizeCalculation: ({ request, seen }) =>
        1 + seen.length + request.exclude.pins.length + request.query.length,
      ttl: keptMinutes * 60_000,
      perf: { now },
      ttlResolution: 1_000,
    });
  }

  get size(): number {
    return this.#answers.size;
  }

  keep(id: string, answer: KeptAnswer): void {
    this.#answers.set(id, answer);
  }

  find(id: string): KeptAnswer | undefined {
    return this.#answers.get(id);
  }
}
