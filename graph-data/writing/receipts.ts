import type { Database } from '../database/index.ts';
import type { WriteOutcome, WriteRequest } from './changes.ts';

const hoursKept = 24;
/** Of all receipts in the database: 2,500 of the largest requests, a million of single saves. */
const bytesMaxDefault = 256 * 2 ** 20;
/** Of a receipt without its outcome: two hashes, a time, and its place in two indexes. */
const rowBytes = 192;
/** Share of the receipts that is dropped when they are too large. */
const droppedShare = 0.1;

/**
 * The outcomes of requests with an Idempotency-Key, kept for {@link hoursKept} hours; beyond a number of bytes, the oldest
 * are dropped earlier.
 */
export class Receipts {
  readonly #bytesMax: number;
  readonly #select;
  readonly #insert;
  readonly #deleteOld;
  readonly #measure;
  readonly #deleteOldest;
  /** Upper bound of their bytes; undefined until they are measured. */
  #bytes: number | undefined;

  constructor(database: Database, bytesMax = bytesMaxDefault) {
    this.#bytesMax = bytesMax;
    this.#select = database.prepare<[Uint8Array], { request: Uint8Array; answer: string }>(
      'SELECT request, answer FROM answers WHERE key = ?',
    );
    this.#insert = database.prepare<[Uint8Array, Uint8Array, string, number]>(
      'INSERT INTO answers (key, request, answer, storedAt) VALUES (?, ?, ?, ?)',
    );
    this.#deleteOld = database.prepare<[number]>('DELETE FROM answers WHERE storedAt < ?');
    this.#measure = database.prepare<[], { count: number; bytes: number }>(
      `SELECT count(*) AS count, total(octet_length(answer)) + ${rowBytes} * count(*) AS bytes FROM answers`,
    );
    this.#deleteOldest = database.prepare<[number]>(
      'DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY storedAt LIMIT ?)',
    );
  }

  /** The stored outcome of an equal request, or `key-taken` if the key belongs to another one. Deletes expired receipts. */
  find({ idempotency, time }: WriteRequest): WriteOutcome | undefined {
    if (idempotency === undefined) return undefined;
    this.#deleteOld.run(time - hoursKept * 3_600_000);
    const stored = this.#select.get(idempotency.key);
    if (stored === undefined) return undefined;
    if (Buffer.compare(stored.request, idempotency.request) !== 0) return { state: 'key-taken' };
    return JSON.parse(stored.answer) as WriteOutcome;
  }

  /** Stores the outcome of a completed request. A refused one is not stored: it may succeed when repeated. */
  store({ idempotency, time }: WriteRequest, outcome: WriteOutcome): void {
    if (idempotency === undefined || outcome.state !== 'done') return;
    const answer = JSON.stringify(outcome);
    this.#makeRoom(rowBytes + answer.length);
    this.#insert.run(idempotency.key, idempotency.request, answer, time);
  }

  /** O(1), and O(receipts) each time that a tenth of the bound was written. */
  #makeRoom(bytes: number): void {
    this.#bytes = (this.#bytes ?? this.#measured().bytes) + bytes;
    if (this.#bytes <= this.#bytesMax) return;
    for (;;) {
      // Rows that have expired or were erased since no longer count.
      const stored = this.#measured();
      this.#bytes = stored.bytes + bytes;
      if (stored.count === 0 || this.#bytes <= this.#bytesMax * (1 - droppedShare)) return;
      this.#deleteOldest.run(Math.ceil(stored.count * droppedShare));
    }
  }

  #measured(): { readonly count: number; readonly bytes: number } {
    return this.#measure.get()!;
  }
}
