import type { ChangeLog, Database } from '../database/index.ts';
import { AttributePutter } from './attribute-putter.ts';
import type {
  Change,
  ChangeResult,
  RefusedChange,
  SaveChange,
  UnsaveChange,
  WriteOutcome,
  WriteRequest,
} from './changes.ts';
import { ConsumedOffsets } from './consumed-offsets.ts';
import type { NodeIds } from './node-ids.ts';
import { Receipts } from './receipts.ts';
import { refusalsOf } from './refusals.ts';
import { SaveBuffer } from './save-buffer.ts';
import { VectorWriter } from './vector-writer.ts';

/** Executes the changes of requests within a transaction of the caller. */
export class ChangeExecutor {
  readonly #log: ChangeLog;
  readonly #ids: NodeIds;
  readonly #attributes: AttributePutter;
  readonly #receipts: Receipts;
  readonly #consumed: ConsumedOffsets;
  readonly #vectors: VectorWriter;
  readonly #saves: SaveBuffer;
  readonly #deleteSave;
  readonly #selectBoardsOf;
  readonly #deleteSavesOf;
  readonly #deletePin;
  readonly #selectHidden;
  readonly #updateHidden;

  constructor(database: Database, log: ChangeLog, ids: NodeIds) {
    this.#log = log;
    this.#ids = ids;
    this.#vectors = new VectorWriter(database);
    this.#attributes = new AttributePutter(database, log, this.#vectors);
    this.#receipts = new Receipts(database);
    this.#consumed = new ConsumedOffsets(database);
    this.#saves = new SaveBuffer(database, log);
    this.#deleteSave = database.prepare<[number, number]>('DELETE FROM saves WHERE board = ? AND pin = ?');
    this.#selectBoardsOf = database
      .prepare<[number], number>('SELECT board FROM saves WHERE pin = ? ORDER BY board')
      .pluck();
    this.#deleteSavesOf = database.prepare<[number]>('DELETE FROM saves WHERE pin = ?');
    this.#deletePin = database.prepare<[number]>('DELETE FROM pins WHERE id = ?');
    this.#selectHidden = database
      .prepare<[string], string | null>('SELECT hiddenInterests FROM users WHERE key = ?')
      .pluck();
    this.#updateHidden = database.prepare<[string | null, string]>(
      'UPDATE users SET hiddenInterests = ? WHERE key = ?',
    );
  }

  /** Executes a request. Saves stay buffered, and their results unset, until {@link flush}. */
  execute(request: WriteRequest): WriteOutcome {
    const earlier = this.#receipts.find(request);
    if (earlier !== undefined) return earlier;
    const refused = refusalsOf(request.changes, this.#ids, this.#vectors);
    if (refused.length > 0 && request.isWhole !== false) return { state: 'refused', refused };
    if (!this.#consumed.move(request.consumed ?? [])) return { state: 'consumed' };
    request.onRefused?.(refused);
    const outcome: WriteOutcome = { state: 'done', results: this.#makeAll(request, refused), refused };
    if (request.idempotency !== undefined) {
      this.#saves.flush();
      this.#receipts.store(request, outcome);
    }
    return outcome;
  }

  /** Writes the buffered saves and sets their results. Throws `Stopped` once `mustStop` says so. */
  flush(mustStop?: () => boolean): void {
    this.#saves.flush(mustStop);
  }

  /** Discards the saves of a failed transaction. */
  clear(): void {
    this.#saves.clear();
  }

  #makeAll({ changes, time }: WriteRequest, refused: readonly RefusedChange[]): (ChangeResult | null)[] {
    const skipped = new Set(refused.map(({ index }) => index));
    const results = Array<ChangeResult | null>(changes.length).fill(null);
    for (const [index, change] of changes.entries()) {
      if (skipped.has(index)) continue;
      if (change.kind === 'save') this.#save(change, time, results, index);
      else results[index] = this.#make(change);
    }
    return results;
  }

  #make(change: Exclude<Change, SaveChange>): ChangeResult {
    if (change.kind === 'put') return this.#attributes.put(change, this.#ids);
    if (change.kind === 'hideInterest') return this.#hideInterest(change);
    this.#saves.flush();
    return change.kind === 'unsave' ? this.#unsave(change) : this.#removePin(change.key);
  }

  #save(change: SaveChange, time: number, results: (ChangeResult | null)[], index: number): void {
    const { user, pin: pinKey, savedAt = time, weight = null } = change;
    const board = this.#ids.boardOf(change.board ?? user, user);
    const pin = this.#ids.pinOf(pinKey);
    this.#saves.add({ board, pin, savedAt, weight, results, index });
  }

  #unsave({ user, board, pin }: UnsaveChange): ChangeResult {
    const found = this.#ids.findBoard(board ?? user);
    const pinId = this.#ids.findPin(pin);
    if (found === undefined || pinId === undefined || found.owner !== user) return 'absent';
    if (this.#deleteSave.run(found.id, pinId).changes === 0) return 'absent';
    this.#log.append('save-gone', found.id, pinId);
    return 'removed';
  }

  #hideInterest({ user, interest, isHidden }: Extract<Change, { kind: 'hideInterest' }>): ChangeResult {
    const stored = this.#selectHidden.get(user);
    const hidden = new Set(typeof stored === 'string' ? (JSON.parse(stored) as string[]) : []);
    if (hidden.has(interest) === isHidden) return isHidden ? 'present' : 'absent';
    if (isHidden) hidden.add(interest);
    else hidden.delete(interest);
    this.#updateHidden.run(hidden.size === 0 ? null : JSON.stringify([...hidden]), user);
    const id = this.#ids.findUser(user);
    if (id !== undefined) this.#log.append('user-put', id, 0);
    return isHidden ? 'added' : 'removed';
  }

  #removePin(key: string): ChangeResult {
    const pin = this.#ids.findPin(key);
    if (pin === undefined) return 'absent';
    for (const board of this.#selectBoardsOf.all(pin)) this.#log.appendKeyed('save-gone', board, pin, key);
    this.#deleteSavesOf.run(pin);
    this.#deletePin.run(pin);
    this.#log.appendKeyed('pin-gone', pin, 0, key);
    this.#ids.forgetPin(key);
    return 'removed';
  }
}
