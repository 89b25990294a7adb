import { LRUCache } from 'lru-cache';
import type { Target } from '../../../engine/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';

/** What an answer's next page needs. */
export interface KeptAnswer {
  readonly request: RecommendationRequest;
  /** Keys of the target that this page has shown, or a distinct batch of which it is one. */
  readonly shown: readonly string[];
  /** The page before. Pages that follow one another share those before them. */
  readonly before?: KeptAnswer | undefined;
  /** Answers that hold this very list: of a distinct batch, all; else 1. */
  readonly sharers: number;
  /** The best score of the first page. */
  readonly bestScore?: number | undefined;
}

const keptMinutes = 30;
/** Keys that all kept answers may hold together: some 100 MB. */
const keysMax = 1_000_000;

/** Keys that a page and those before it have shown, from the first on. */
export function seenUpTo(page: KeptAnswer | undefined): string[] {
  const pages: (readonly string[])[] = [];
  for (let each = page; each !== undefined; each = each.before) pages.push(each.shown);
  return pages.toReversed().flat();
}

/** The latest answers by id, for 30 minutes or until there are too many. */
export class KeptAnswers {
  readonly #answers: LRUCache<string, KeptAnswer>;

  constructor(now: () => number, keptMax: number) {
    this.#answers = new LRUCache({
      max: keptMax,
      maxSize: keysMax,
      sizeCalculation: ({ request, shown, sharers }) =>
        1 + Math.ceil(shown.length / sharers) + request.exclude.pins.length + request.query.length,
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

  /** Drops the answers that ask for one of these users and boards, or show one; returns how many they were. */
  forget(users: ReadonlySet<string>, boards: ReadonlySet<string>): number {
    const of: Partial<Record<Target, ReadonlySet<string>>> = { users, boards };
    const isNamed = ({ request: { query, target }, shown, before }: KeptAnswer): boolean =>
      query.some(({ user, board }) => users.has(user ?? '') || boards.has(board ?? '')) ||
      shown.some((key) => of[target]?.has(key)) ||
      (before !== undefined && isNamed(before));
    const named = [...this.#answers.entries()].filter(([, answer]) => isNamed(answer));
    for (const [id] of named) this.#answers.delete(id);
    return named.length;
  }

  find(id: string): KeptAnswer | undefined {
    return this.#answers.get(id);
  }
}
