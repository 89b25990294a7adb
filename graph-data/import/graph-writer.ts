import { ChangeLog, type Database, MultiRowInsert } from '../database/index.ts';
import { AttributeWriter } from './attribute-writer.ts';
import { LateIndexes } from './late-indexes.ts';
import { NodeWriter } from './node-writer.ts';
import type { Refusal } from './refusal.ts';
import { replaceIfCounts } from './repeated-saves.ts';
import type { AttributeRow, SaveRow } from './row.ts';
import { SaveBatch } from './save-batch.ts';

const saveBatchRows = 2 ** 20;

/**
 * Writes the rows of an import within one transaction of the caller. Assigns ids to keys, stores each pin on a board
 * once (the save that counts among its repeats), and counts new rows.
 */
export class GraphWriter {
  readonly #database: Database;
  readonly #nodes: NodeWriter;
  readonly #insertSaves;
  readonly #insertPlainSaves;
  readonly #replace;
  readonly #saves = new SaveBatch(saveBatchRows);
  readonly #attributes: AttributeWriter;
  readonly #indexes: LateIndexes;
  #lastBoard = -1;
  #lastBoardKey: string | undefined;
  #lastUserKey: string | undefined;
  #lastPin = -1;
  #lastPinKey: string | undefined;
  #savesAdded = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#attributes = new AttributeWriter(database);
    this.#nodes = new NodeWriter(database);
    this.#indexes = new LateIndexes(database);
    // Two columns instead of four are 1.5 times as fast, and most files have no more.
    this.#insertPlainSaves = new MultiRowInsert(database, 'saves (board, pin)', 2, 'ON CONFLICT DO NOTHING');
    this.#insertSaves = new MultiRowInsert(
      database,
      'saves (board, pin, savedAt, weight)',
      4,
      'ON CONFLICT DO NOTHING',
      (values) => this.#replaceWhereRepeatCounts(values),
    );
    this.#replace = database.prepare(replaceIfCounts);
  }

  /** Buffers one save. Call {@link flushSaves} when {@link mustFlushSaves} is true, and after the last save. */
  save(row: SaveRow): Refusal | undefined {
    // Most files are grouped by board or by pin.
    if (row.board !== this.#lastBoardKey || row.user !== this.#lastUserKey) {
      let board = this.#nodes.find('boards', row.board);
      if (board < 0) board = this.#nodes.idOf('boards', row.board, this.#nodes.idOf('users', row.user));
      else if (!this.#isOwner(row.user, board)) return otherOwner(row.board);
      this.#lastBoard = board;
      this.#lastBoardKey = row.board;
      this.#lastUserKey = row.user;
    }
    if (row.pin !== this.#lastPinKey) {
      this.#lastPin = this.#nodes.idOf('pins', row.pin);
      this.#lastPinKey = row.pin;
    }
    this.#saves.push(this.#lastBoard, this.#lastPin, row.savedAt, row.weight);
    return undefined;
  }

  get mustFlushSaves(): boolean {
    return this.#saves.isFull;
  }

  /** Writes the buffered saves, and returns how many of them are new. */
  flushSaves(): number {
    const { boards, pins, savedAt, weights, hasDetails } = this.#saves;
    const insert = hasDetails ? this.#insertSaves : this.#insertPlainSaves;
    let added = 0;
    for (const row of this.#saves.sortedRows()) {
      added += hasDetails
        ? insert.add4(boards[row]!, pins[row]!, nullable(savedAt[row]!), nullable(weights[row]!))
        : insert.add2(boards[row]!, pins[row]!);
    }
    added += insert.flush();
    this.#saves.clear();
    this.#savesAdded += added;
    return added;
  }

  /** Writes the attributes of a node, which is created if missing. */
  attributes(row: AttributeRow): 'new' | 'duplicate' | Refusal {
    const { kind, key, owner } = row;
    let id = this.#nodes.find(kind, key);
    const isNew = id < 0;
    if (kind === 'boards') {
      if (isNew && owner === undefined)
        return { refused: `board ${JSON.stringify(key)} is new and has no owner` };
      if (!isNew && owner !== undefined && !this.#isOwner(owner, id)) return otherOwner(key);
    }
    if (isNew) id = this.#nodes.idOf(kind, key, owner === undefined ? -1 : this.#nodes.idOf('users', owner));
    this.#nodes.flush(); // the row to update may still be buffered
    const outcome = this.#attributes.write(row, id);
    if (typeof outcome === 'object') return outcome;
    return isNew || outcome === 'changed' ? 'new' : 'duplicate';
  }

  /** Creates the indexes and logs the changes. To be called last, after {@link flushSaves}. */
  finish(): void {
    if (this.#saves.size > 0) throw new Error(`${this.#saves.size} saves are not flushed`);
    this.#nodes.flush();
    this.#indexes.create();
    const added = this.#savesAdded + this.#nodes.added;
    if (added > 0) new ChangeLog(this.#database).appendBulk(added, this.#nodes.nextIds);
  }

  /** Of inserted rows, in groups of four values, some were stored already. O(rows), each a lookup. */
  #replaceWhereRepeatCounts(values: readonly unknown[]): void {
    for (let i = 0; i < values.length; i += 4) {
      const [board, pin, savedAt, weight] = values.slice(i, i + 4);
      this.#replace.run({ board, pin, savedAt, weight });
    }
  }

  #isOwner(user: string, board: number): boolean {
    return this.#nodes.ownerOf(board) === this.#nodes.find('users', user);
  }
}

function nullable(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function otherOwner(board: string): Refusal {
  const hint =
    'a row without a board goes to the board with the key of its user; --board-prefix keeps such keys apart';
  return { refused: `board ${JSON.stringify(board)} belongs to another user (${hint})` };
}
