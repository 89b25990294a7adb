import { timingSafeEqual } from 'node:crypto';
import { type Database, type KeyRow, hashSecret, parseKey, readKeys } from '../../../graph-data/index.ts';

/** Age at which the keys are read again. */
const ageMsMax = 500;

/** Compared with when an id is unknown, so that the time does not reveal whether it exists. */
const unusedHash = Buffer.alloc(32);

/**
 * The keys of the database, in memory. The first request half a second after the last read reads them again: a running
 * server notices what `pinwalk keys` does, without a query per request.
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

  /** Whether no key was ever created: revoking the last one does not reopen the API. */
  get isEmpty(): boolean {
    this.#refresh();
    return this.#isEmpty;
  }

  /** The key with that text, unless it is unknown or revoked. */
  find(text: string): KeyRow | undefined {
    this.#refresh();
    const parsed = parseKey(text);
    if (parsed === undefined) return undefined;
    const row = this.#valid.get(parsed.id);
    const isEqual = timingSafeEqual(hashSecret(parsed.secret), row?.hash ?? unusedHash);
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
