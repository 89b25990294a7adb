import type { NodeKind } from '../../../engine/index.ts';
import { BoundedCache, Problem, Sized, listBytes, textBytes, valueOfJson } from '../../base/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';
import type { KeyList } from './walk-messages.ts';

const minutesMax = 30;
/** Of all cached pages together, with their requests. */
const pageBytesMax = 128 * 2 ** 20;
/** Of the keys that a list and the pages before it have shown: a worker gets a copy of them. */
export const seenBytesMax = 16 * 2 ** 20;
/** Of a page's own objects. */
const pageBytes = 256;
/** Of an array of bytes, beside the bytes. */
const arrayBytes = 512;
/** Of a pipeline: numbers and names of the engine. */
const pipelineBytes = 4_096;

/**
 * The request of a first page, which later pages share. Every part that a client may make large is text: its
 * bytes are known, and it shares none with a body.
 */
class CachedRequest extends Sized {
  readonly pipeline: RecommendationRequest['pipeline'];
  readonly text: string;
  readonly target: NodeKind;
  readonly users: readonly string[];
  readonly boards: readonly string[];

  constructor({ pipeline, ...rest }: RecommendationRequest) {
    const text = JSON.stringify(rest);
    const viewers = [rest.enrollment?.viewer, rest.record?.user, rest.promoted?.viewer];
    const users = [...rest.query.map(({ user }) => user), ...viewers].filter((user) => user !== undefined);
    const boards = rest.query.flatMap(({ board }) => board ?? []);
    super(pageBytes + pipelineBytes + textBytes(text) + listBytes(users) + listBytes(boards));
    this.pipeline = pipeline;
    this.text = text;
    this.target = rest.target;
    this.users = users;
    this.boards = boards;
  }
}

/** Keys that were shown: of one page, or of all lists of a distinct batch, whose pages share it. */
export class ShownKeys extends Sized {
  readonly lists: readonly KeyList[];

  constructor(lists: readonly KeyList[]) {
    super(pageBytes + lists.reduce((sum, { byteLength }) => sum + byteLength + arrayBytes, 0));
    this.lists = lists;
  }
}

interface PageFields {
  readonly request: RecommendationRequest;
  /** Keys of the target on this page. */
  readonly shown: ShownKeys;
  /** Number of its items, which may be fewer than the keys shown: on the pages of a distinct batch. */
  readonly items: number;
  /** The page before. */
  readonly before?: CachedPage | undefined;
  /** The best score of the first page. */
  readonly bestScore?: number | undefined;
}

/** The state that the next page needs. Successive pages share their request and the pages before them. */
export class CachedPage extends Sized {
  readonly bestScore: number | undefined;
  /** Items of this page and those before it: the rank of the last one. */
  readonly ranked: number;
  readonly #request: CachedRequest;
  readonly #limit: number;
  readonly #shown: ShownKeys;
  readonly #before: CachedPage | undefined;

  constructor({ request, shown, items, before, bestScore }: PageFields) {
    const kept = before === undefined ? new CachedRequest(request) : before.#request;
    super(pageBytes, [kept, shown, ...(before === undefined ? [] : [before])]);
    this.bestScore = bestScore;
    this.ranked = (before?.ranked ?? 0) + items;
    this.#request = kept;
    this.#limit = request.limit;
    this.#shown = shown;
    this.#before = before;
  }

  /** The request of this page: the first page's, with a `limit` of its own. */
  get request(): RecommendationRequest {
    const { pipeline, text } = this.#request;
    return { ...(JSON.parse(text) as Omit<RecommendationRequest, 'pipeline'>), pipeline, limit: this.#limit };
  }

  /** Keys that this page and those before it have shown. Throws `invalid-request` when they are too many. */
  shownSoFar(): KeyList[] {
    const lists = this.#lists();
    const bytes = lists.reduce((sum, { byteLength }) => sum + byteLength, 0);
    if (bytes <= seenBytesMax) return lists.toReversed();
    const detail = `the keys of earlier pages exceed ${seenBytesMax} bytes: request a first page with a filter for the rest`;
    throw new Problem('invalid-request', detail);
  }

  /** Whether the query or an item up to here is one of these users and boards. */
  names(users: ReadonlySet<string>, boards: ReadonlySet<string>): boolean {
    const { target, users: queriedUsers, boards: queriedBoards } = this.#request;
    if (queriedUsers.some((user) => users.has(user)) || queriedBoards.some((board) => boards.has(board)))
      return true;
    const erased: Partial<Record<NodeKind, ReadonlySet<string>>> = { users, boards };
    const keys = erased[target];
    return keys !== undefined && this.#lists().some((list) => valueOfJson(list).some((key) => keys.has(key)));
  }

  /** What this page has shown, then what those before it have. */
  #lists(): KeyList[] {
    const lists = [...this.#shown.lists];
    for (let page = this.#before; page !== undefined; page = page.#before) lists.push(...page.#shown.lists);
    return lists;
  }
}

/** The latest pages of recommendations by id, for 30 minutes or until the cache is full. */
export class PageCache {
  readonly #pages: BoundedCache<CachedPage>;

  constructor(now: () => number, pagesMax: number) {
    this.#pages = new BoundedCache({
      bytesMax: pageBytesMax,
      entriesMax: pagesMax,
      msMax: minutesMax * 60_000,
      now,
    });
  }

  get size(): number {
    return this.#pages.size;
  }

  /** Bytes of memory, at most. */
  get bytes(): number {
    return this.#pages.bytes;
  }

  add(id: string, page: CachedPage): void {
    this.#pages.set(id, page);
  }

  find(id: string): CachedPage | undefined {
    return this.#pages.get(id);
  }

  /** Drops the pages whose query or items include one of these users and boards; returns their number. */
  forget(users: ReadonlySet<string>, boards: ReadonlySet<string>): number {
    return this.#pages.deleteWhere((page) => page.names(users, boards));
  }
}
