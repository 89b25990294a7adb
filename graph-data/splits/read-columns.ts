import { sharedInt32Array } from '../../engine/index.ts';
import { DataError } from '../errors.ts';
import { KeyTable, type ReadSavesOptions, type SaveRow, readSaves } from '../import/index.ts';
import type { Numbering } from './numbering.ts';

export interface ReadColumnsOptions extends ReadSavesOptions {
  /** Which rows to keep. Default: all. */
  readonly keep?: ((row: SaveRow) => boolean) | undefined;
}

/** Saves by column. `savedAt` is milliseconds since 1970, or NaN. */
export interface SaveColumns {
  readonly boards: Int32Array;
  readonly pins: Int32Array;
  readonly savedAt: Float64Array;
}

/** Collects saves whose number is unknown. */
export class SaveCollector {
  readonly #boards: number[] = [];
  readonly #pins: number[] = [];
  readonly #savedAt: number[] = [];

  add(board: number, pin: number, savedAt: number): void {
    this.#boards.push(board);
    this.#pins.push(pin);
    this.#savedAt.push(savedAt);
  }

  columns(): SaveColumns {
    return {
      boards: Int32Array.from(this.#boards),
      pins: Int32Array.from(this.#pins),
      savedAt: Float64Array.from(this.#savedAt),
    };
  }
}

/**
 * Reads the saves of a file and numbers their keys; of repeated saves, the first counts. Throws `split-unusable` for an
 * invalid row.
 */
export async function readColumns(
  file: string,
  options: ReadColumnsOptions,
  boardNumbers: Numbering,
  pinNumbers: Numbering,
): Promise<SaveColumns> {
  const saves = new SaveCollector();
  const seen = new KeyTable();
  for await (const row of readSaves(file, options)) {
    if (options.keep?.(row) === false) continue;
    const [board, pin] = [boardNumbers.of(row.board), pinNumbers.of(row.pin)];
    const pair = `${board} ${pin}`;
    if (seen.get(pair) >= 0) continue;
    seen.add(pair, 0);
    saves.add(board, pin, row.savedAt);
  }
  return saves.columns();
}

/** Throws `split-unusable` if there are no saves. */
export function assertSaves({ boards }: SaveColumns, file: string, { keep }: ReadColumnsOptions): void {
  if (boards.length > 0) return;
  const which = keep === undefined ? '' : ' that match the options (a minimum weight, for example)';
  throw new DataError('split-unusable', `${file} contains no saves${which}`);
}

/** Each board belongs to the user of the same number. */
export function ownBoards(boardCount: number): Int32Array<SharedArrayBuffer> {
  const boardToUser = sharedInt32Array(boardCount);
  for (let board = 0; board < boardCount; board++) boardToUser[board] = board;
  return boardToUser;
}
