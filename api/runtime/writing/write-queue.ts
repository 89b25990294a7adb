interface Waiting {
  /** An API key, or an address. */
  readonly client: string;
  readonly changes: number;
  /** Whether it is a part of a stream, whose order stays. */
  readonly isOfStream?: boolean | undefined;
}

/** The most that a client may add to a commit in one turn, unless a single request has more. */
const changesPerTurn = 1_000;
/** Requests with more are large. */
const smallChangesMax = 100;

/** Whether a request commits in a few milliseconds, and so should not wait for large ones. */
export function isSmall({ changes, isOfStream }: Omit<Waiting, 'client'>): boolean {
  return changes <= smallChangesMax && isOfStream !== true;
}

/** Each client's in order; the clients in the order of their turns. */
type Turns<Request> = Map<string, Request[]>;

/**
 * Requests that wait for a commit. Small ones go first, in a commit of their own; after it, large ones have a
 * commit, so neither kind waits for more than one commit of the other. A commit takes from every client in
 * turn, so a client with any number of waiting requests delays the others by one turn.
 */
export class WriteQueue<Request extends Waiting> {
  readonly #small: Turns<Request> = new Map();
  readonly #large: Turns<Request> = new Map();
  #wasSmall = false;

  add(request: Request): void {
    const turns = isSmall(request) ? this.#small : this.#large;
    const own = turns.get(request.client);
    if (own === undefined) turns.set(request.client, [request]);
    else own.push(request);
  }

  /** Puts back requests that were taken, before the others of their clients, in their order. */
  putBack(requests: readonly Request[]): void {
    for (const request of requests.toReversed()) {
      const turns = isSmall(request) ? this.#small : this.#large;
      turns.set(request.client, [request, ...(turns.get(request.client) ?? [])]);
    }
  }

  /** Takes whole requests, small or large ones, until they have at least this many changes, or none of them is left. */
  take(changesMax: number): Request[] {
    this.#wasSmall = this.#small.size > 0 && !(this.#wasSmall && this.#large.size > 0);
    return takeFrom(this.#wasSmall ? this.#small : this.#large, changesMax);
  }

  /** Takes all. */
  drain(): Request[] {
    return [...takeFrom(this.#small, Infinity), ...takeFrom(this.#large, Infinity)];
  }
}

function takeFrom<Request extends Waiting>(turns: Turns<Request>, changesMax: number): Request[] {
  const taken: Request[] = [];
  let left = changesMax;
  for (const [client, own] of turns) {
    if (left <= 0) break;
    let [requests, changes] = [0, 0];
    while (requests < own.length && changes < Math.min(left, changesPerTurn)) {
      changes += own[requests++]!.changes;
    }
    taken.push(...own.splice(0, requests));
    left -= changes;
    // To the end of the row, which this loop reaches again.
    turns.delete(client);
    if (own.length > 0) turns.set(client, own);
  }
  return taken;
}
