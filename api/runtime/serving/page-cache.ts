import { LRUCache } from 'lru-cache';
import type { NodeKind } from '../../../engine/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';

/** What the page after this one needs. */
export interface CachedPage {
  readonly request: RecommendationRequest;
  /** Keys of the target on this page, or on all lists of a distinct batch that this one is part of. */
  readonly shown: readonly string[];
  /** The page before. Successive pages share the pages before them. */
  readonly before?: CachedPage | undefined;
  /** Cached pages that hold this very list: all lists of a distinct batch; otherwise 1. */
  readonly sharers: number;
  /** The best score of the first page. */
  readonly bestScore?: number | undefined;
}

const minutesMax = 30;
/** Keys that all cached pages may hold together: about 100 MB. */
const keysMax = 1_000_000;

/** Keys that a page and those before it have shown, first page first. */
export function shownUpTo(page: CachedPage | undefined): string[] {
  const pages: (readonly string[])[] = [];
  for (let each = page; each !== undefined; each = each.before) pages.push(each.shown);
  return pages.toReversed().flat();
}

/** The latest pages of recommendations by id, for 30 minutes or until the cache is full. */
export class PageCache {
  readonly #pages: LRUCache<string, CachedPage>;

  constructor(now: () => number, pagesMax: number) {
    this.#pages = new LRUCache({
      max: pagesMax,
      maxSize: keysMax,
      sizeCalculation: ({ request, shown, sharers }) =>
        1 + Math.ceil(shown.length / sharers) + request.exclude.pins.length + request.query.length,
      ttl: minutesMax * 60_000,
      perf: { now },
      ttlResolution: 1_000,
    });
  }

  get size(): number {
    return this.#pages.size;
  }

  add(id: string, page: CachedPage): void {
    this.#pages.set(id, page);
  }

  find(id: string): CachedPage | undefined {
    return this.#pages.get(id);
  }

  /** Drops the pages whose query or items include one of these users and boards; returns their number. */
  forget(users: ReadonlySet<string>, boards: ReadonlySet<string>): number {
    const erased: Partial<Record<NodeKind, ReadonlySet<string>>> = { users, boards };
    const names = ({ request: { query, target }, shown, before }: CachedPage): boolean =>
      query.some(({ user, board }) => users.has(user ?? '') || boards.has(board ?? '')) ||
      shown.some((key) => erased[target]?.has(key)) ||
      (before !== undefined && names(before));
    const dropped = [...this.#pages.entries()].filter(([, page]) => names(page));
    for (const [id] of dropped) this.#pages.delete(id);
    return dropped.length;
  }
}
