import { DataError } from '../errors.ts';
import { KeyTable, type ReadSavesOptions, countsBefore, readSaves } from '../import/index.ts';
import type { KeyOrder } from './numbering.ts';
import type { SplitKeys } from './split-keys.ts';

export interface ReadColumnsOptions extends ReadSavesOptions {
  /** Leaves out saves of a smaller weight, and those without one. Default: none. */
  readonly weightMin?: number | undefined;
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
  readonly #weights: number[] = [];

  get size(): number {
    return this.#boards.length;
  }

  add(board: number, pin: number, savedAt: number, weight: number): void {
    this.#boards.push(board);
    this.#pins.push(pin);
    this.#savedAt.push(savedAt);
    this.#weights.push(weight);
  }

  /** Takes a repeat of a collected save: the one that counts stays. */
  repeat(save: number, savedAt: number, weight: number): void {
    if (!countsBefore(savedAt, weight, this.#savedAt[save]!, this.#weights[save]!)) return;
    this.#savedAt[save] = savedAt;
    this.#weights[save] = weight;
  }

  columns(weightMin?: number): SaveColumns {
    const isKept = (_: number, i: number): boolean =>
      weightMin === undefined || this.#weights[i]! >= weightMin;
    return {
      boards: Int32Array.from(this.#boards.filter(isKept)),
      pins: Int32Array.from(this.#pins.filter(isKept)),
      savedAt: Float64Array.from(this.#savedAt.filter(isKept)),
    };
  }
}

/**
 * Reads the saves of a file and numbers their keys. Of repeated saves, the same one counts as in an import; the minimum
 * weight is for that one. Throws `split-unusable` for an invalid row, and for a board of several users.
 */
export async function readColumns(
  file: string,
  options: ReadColumnsOptions,
  keys: SplitKeys,
): Promise<SaveColumns> {
  const saves = new SaveCollector();
  const seen = new KeyTable();
  for await (const row of readSaves(file, options)) {
    const { savedAt, weight } = row;
    const [board, pin] = [keys.boardOf(row.board, row.user), keys.pins.of(row.pin)];
    if (board === undefined) {
      const remedy =
        '--columns user,-,pin ignores boards, --board-prefix keeps those of rows without a board apart';
      const fault = `board ${JSON.stringify(row.board)} belongs to several users: ${remedy}`;
      throw new DataError('split-unusable', `${file}: ${fault}`);
    }
    const pair = `${board} ${pin}`;
    const known = seen.get(pair);
    if (known >= 0) saves.repeat(known, savedAt, weight);
    else {
      seen.add(pair, saves.size);
      saves.add(board, pin, savedAt, weight);
    }
  }
  return saves.columns(options.weightMin);
}

/** Throws `split-unusable` if there are no saves. */
export function assertSaves({ boards }: SaveColumns, file: string, { weightMin }: ReadColumnsOptions): void {
  if (boards.length > 0) return;
  const which = weightMin === undefined ? '' : ` of weight ${weightMin} or more`;
  throw new DataError('split-unusable', `${file} contains no saves${which}`);
}

/** The same saves with their boards and pins numbered in key order. */
export function renumbered(
  { boards, pins, savedAt }: SaveColumns,
  board: KeyOrder,
  pin: KeyOrder,
): SaveColumns {
  return { boards: boards.map(board.of), pins: pins.map(pin.of), savedAt };
}
