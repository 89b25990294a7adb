import { existsSync } from 'node:fs';
import { type TimedSaves, sharedInt32Array } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import { openDatabaseReadOnly } from '../database/index.ts';
import { DataError } from '../errors.ts';
import { KeyTable, type ReadSavesOptions, type SaveRow, readSaves } from '../import/index.ts';

export interface ReadGraphOptions extends ReadSavesOptions {
  /** Which rows to take; all of them by default. */
  readonly keep?: ((row: SaveRow) => boolean) | undefined;
}

/** What nodes are called where they come from. */
export interface NodeName {
  readonly key: string;
  readonly title?: string;
}

/** The names of the boards and pins of a split, by index. */
export interface SplitNames {
  board(index: number): NodeName;
  pin(index: number): NodeName;
}

/** Saves that were read, with the names of what is in them. */
interface NamedSaves extends TimedSaves {
  readonly names: SplitNames;
}

/**
 * Reads one file of saves with their times: to cut a split of our own from it. Each board (each user, in files without
 * boards) stands for a user. Of a pair that comes twice the first row counts. Memory some 70 bytes a save while reading.
 * Throws `split-unusable`.
 */
export async function readTimedSaves(file: string, options: ReadGraphOptions = {}): Promise<NamedSaves> {
  const [boards, pins] = [new Numbering(), new Numbering()];
  const columns = await readColumns(file, options, boards, pins);
  if (columns.boards.length === 0) throw noSaves(file, options);
  return {
    boards: Int32Array.from(columns.boards),
    pins: Int32Array.from(columns.pins),
    savedAt: Float64Array.from(columns.savedAt),
    pinCount: pins.size,
    boardToUser: ownBoards(boards.size),
    userCount: boards.size,
    names: namesIn(boards, pins),
  };
}

/**
 * The saves of a data folder with their times, numbered as in its snapshots: all that its database holds, by board, then
 * pin, whatever a snapshot has pruned. `weightMin` leaves out saves of a smaller weight, and those without one. Memory
 * some 50 bytes a save while reading. Throws `split-unusable` when there are none.
 */
export function readFolderSaves(folder: DataFolder, weightMin?: number): TimedSaves {
  const database = existsSync(folder.database) ? openDatabaseReadOnly(folder) : undefined;
  try {
    const idCount = (table: 'users' | 'boards' | 'pins'): number =>
      database?.prepare<[], number>(`SELECT coalesce(max(id) + 1, 0) FROM ${table}`).pluck().get() ?? 0;
    const columns: Columns = { boards: [], pins: [], savedAt: [] };
    const boardToUser = sharedInt32Array(idCount('boards'));
    const rows = database
      ?.prepare<[number | null, number | null], [number, number, number | null]>(
        'SELECT board, pin, savedAt FROM saves NOT INDEXED WHERE ? IS NULL OR weight >= ?',
      )
      .raw()
      .iterate(weightMin ?? null, weightMin ?? null);
    for (const [board, pin, savedAt] of rows ?? []) {
      columns.boards.push(board);
      columns.pins.push(pin);
      columns.savedAt.push(savedAt ?? NaN);
    }
    if (columns.boards.length === 0) {
      const remedy = 'import a file first (pinwalk import FILE), or name one (--train FILE)';
      throw new DataError('split-unusable', `${folder.root} holds no such saves: ${remedy}`);
    }
    const owners = database?.prepare<[], [number, number]>('SELECT id, owner FROM boards').raw().iterate();
    for (const [board, owner] of owners ?? []) boardToUser[board] = owner;
    return {
      boards: Int32Array.from(columns.boards),
      pins: Int32Array.from(columns.pins),
      savedAt: Float64Array.from(columns.savedAt),
      pinCount: idCount('pins'),
      boardToUser,
      userCount: idCount('users'),
    };
  } finally {
    database?.close();
  }
}

/** The fault of a file without rows, or without rows that are taken. */
export function noSaves(file: string, { keep }: ReadGraphOptions): DataError {
  const which = keep === undefined ? '' : ' of those that are asked for (by weight, say)';
  return new DataError('split-unusable', `${file} holds no saves${which}`);
}

export interface Columns {
  readonly boards: number[];
  readonly pins: number[];
  readonly savedAt: number[];
}

/** The rows of a file as numbers, without repeated pairs. Keys that are new get the next numbers. */
export async function readColumns(
  file: string,
  options: ReadGraphOptions,
  boardNumbers: Numbering,
  pinNumbers: Numbering,
): Promise<Columns> {
  const columns: Columns = { boards: [], pins: [], savedAt: [] };
  const seen = new KeyTable();
  for await (const row of readSaves(file, options)) {
    if (options.keep?.(row) === false) continue;
    const { board, pin, savedAt } = row;
    const [boardNumber, pinNumber] = [boardNumbers.of(board), pinNumbers.of(pin)];
    const pair = `${boardNumber} ${pinNumber}`;
    if (seen.get(pair) >= 0) continue;
    seen.add(pair, 0);
    columns.boards.push(boardNumber);
    columns.pins.push(pinNumber);
    columns.savedAt.push(savedAt);
  }
  return columns;
}

/** The names of what was numbered. */
export function namesIn(boards: Numbering, pins: Numbering): SplitNames {
  return {
    board: (index) => ({ key: boards.keyAt(index) }),
    pin: (index) => ({ key: pins.keyAt(index) }),
  };
}

/** Every board owned by the user of its own number. */
export function ownBoards(boardCount: number): Int32Array<SharedArrayBuffer> {
  const boardToUser = sharedInt32Array(boardCount);
  for (let board = 0; board < boardCount; board++) boardToUser[board] = board;
  return boardToUser;
}

/** Keys numbered from 0 as they come. */
export class Numbering {
  readonly #numbers = new KeyTable();
  size = 0;

  keyAt(number: number): string {
    return this.#numbers.keyAt(number);
  }

  of(key: string): number {
    const known = this.#numbers.get(key);
    if (known >= 0) return known;
    this.#numbers.add(key, this.size);
    return this.size++;
  }
}
