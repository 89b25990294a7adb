/** Some changes of the log as lines of JSON. */
export interface ChangeLines {
  readonly lines: readonly string[];
  /** Position of the last line; the given one if there are none. */
  readonly upTo: number;
  /** How many lines end with a commit; the rest belong to an unfinished one. */
  readonly whole: { readonly lines: number; readonly upTo: number };
}

/** A kept part ends at a multiple of this position, or at the end of the log. */
const positionsPerPart = 500;

/**
 * The lines that were read last, for followers that read the same one after the other: joining their keys costs the server more than all
 * else that a follower does. Holds nothing of before an erasure.
 */
export class KeptLines {
  readonly #charactersMax: number;
  /** By the position that they follow, the oldest first. */
  readonly #parts = new Map<number, ChangeLines>();
  #characters = 0;

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax;
  }

  /** Where a part that follows a position should end at the latest, so that followers meet again who were apart. */
  endAfter(position: number): number {
    return (Math.floor(position / positionsPerPart) + 1) * positionsPerPart;
  }

  /** A part that follows a position, at most `max` lines. `newest`: the end of the log. */
  get(after: number, max: number, newest: number): ChangeLines | undefined {
    const part = this.#parts.get(after);
    if (part === undefined || part.lines.length > max) return undefined;
    // One that ended where the log did, long ago: many of them would take longer than one that is read anew.
    const isShort = part.upTo < this.endAfter(after) && part.upTo + positionsPerPart < newest;
    return isShort ? undefined : part;
  }

  put(after: number, part: ChangeLines): void {
    this.#drop(after);
    this.#parts.set(after, part);
    this.#characters += sizeOf(part);
    for (const [oldest] of this.#parts) {
      if (this.#characters <= this.#charactersMax) break;
      this.#drop(oldest);
    }
  }

  clear(): void {
    this.#parts.clear();
    this.#characters = 0;
  }

  #drop(after: number): void {
    const part = this.#parts.get(after);
    if (part === undefined) return;
    this.#parts.delete(after);
    this.#characters -= sizeOf(part);
  }
}

function sizeOf({ lines }: ChangeLines): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
