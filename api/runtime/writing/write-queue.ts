interface Waiting {
  /** An API key, or an address. */
  readonly client: string;
  readonly changes: number;
}

/** What a client may add to a commit in one turn, unless a single request has more. */
const changesPerTurn = 1_000;

/**
 * Requests that wait for a commit, each client's in order. A commit takes from every client in turn, so what one of them
 * has waiting delays the others by a turn of it, however much it is.
 */
export class WriteQueue<Request extends Waiting> {
  /** In the order of their turns. */
  readonly #clients = new Map<string, Request[]>();

  add(request: Request): void {
    const own = this.#clients.get(request.client);
    if (own === undefined) this.#clients.set(request.client, [request]);
    else own.push(request);
  }

  /** Takes whole requests until they have at least this many changes, or none is left. */
  take(changesMax: number): Request[] {
    const taken: Request[] = [];
    let left = changesMax;
    for (const [client, own] of this.#clients) {
      if (left <= 0) break;
      let [requests, changes] = [0, 0];
      while (requests < own.length && changes < Math.min(left, changesPerTurn)) {
        changes += own[requests++]!.changes;
      }
      taken.push(...own.splice(0, requests));
      left -= changes;
      // To the end of the row, which this loop reaches again.
      this.#clients.delete(client);
      if (own.length > 0) this.#clients.set(client, own);
    }
    return taken;
  }
}
