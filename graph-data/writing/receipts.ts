import type { Database } from '../database/index.ts';
import type { WriteOutcome, WriteRequest } from './changes.ts';

const hoursKept = 24;

/** The outcomes of requests with an Idempotency-Key, kept for {@link hoursKept} hours. */
export class Receipts {
  readonly #select;
  readonly #insert;
  readonly #deleteOld;

  constructor(database: Database) {
    this.#select = database.prepare<[Uint8Array], { request: Uint8Array; answer: string }>(
      'SELECT request, answer FROM answers WHERE key = ?',
    );
    this.#insert = database.prepare<[Uint8Array, Uint8Array, string, number]>(
      'INSERT INTO answers (key, request, answer, storedAt) VALUES (?, ?, ?, ?)',
    );
    this.#deleteOld = database.prepare<[number]>('DELETE FROM answers WHERE storedAt < ?');
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
    this.#insert.run(idempotency.key, idempotency.request, JSON.stringify(outcome), time);
  }
}
