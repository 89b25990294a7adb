import { timingSafeEqual } from 'node:crypto';
import { type Database, type KeyRow, hashSecret, parseKey, readKeys } from '../../../graph-data/index.ts';

/** How old what is known of the keys may be. */
const ageMsMax = 500;

/** Compared with when there is no key of an id, so that this takes as long as when there is. */
const nobodysHash = Buffer.alloc(32);

/**
 * The keys of the database, in memory. A request that comes half a second after the last reading or later reads them
 * again, so a running server notices what `pinwalk keys` does, and no request has a query of its own.
 */
export class KeyRing {
  readonly #database: Database;
  readonly #now: () => number;
  #valid: ReadonlyMap<string, KeyRow> = new Map();
  #isEmpty = true;
  #readAt = -Infinity;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Whether no key was ever made. Revoking the last one does not open what it shut. */
  get isEmpty(): boolean {
    this.#refresh();
    return this.#isEmpty;
  }

  /** The key of that text, unless it is unknown or revoked. */
  find(text: string): KeyRow | undefined {
    this.#refresh();
    const parsed = parseKey(text);
    if (parsed === undefined) return undefined;
    const row = this.#valid.get(parsed.id);
    const isEqual = timingSafeEqual(hashSecret(parsed.secret), row?.hash ?? nobodysHash);
    return isEqual ? row : undefined;
  }

  #refresh(): void {
    const now = this.#now();
    if (now - this.#readAt < ageMsMax) return;
    const rows = readKeys(this.#database);
    this.#valid = new Map(rows.filter(({ revokedAt }) => revokedAt === null).map((row) => [row.id, row]));
    this.#isEmpty = rows.length === 0;
    this.#readAt = now;
  }
}
