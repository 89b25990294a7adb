import { LiveGraph, type Reserve } from '../../../engine/index.ts';
import {
  type Database,
  type EventKind,
  type GraphCounts,
  type LoadedSnapshot,
  readEvents,
} from '../../../graph-data/index.ts';

/** A new save takes about seven slots at first (docs/live.md): four per save leave room for half as many new saves. */
const slotsPerSave = 4;
const slotsMin = 2 ** 20;
/** Room for so many new pins, boards and users in a small graph; larger ones get half as many as they have. */
const nodesMin = 2 ** 14;
/** When less than this share of any reserve is left, a new graph is due. */
const lowShare = 0.25;

/** Room for what is written while a snapshot is served. What nothing is written to takes no memory. */
export function reserveFor({ saves, pins, boards, users }: GraphCounts): Reserve {
  return {
    slots: slotsMin + slotsPerSave * saves,
    pins: half(pins),
    boards: half(boards),
    users: half(users),
  };
}

function half(nodes: number): number {
  return Math.max(nodesMin, Math.ceil(nodes / 2));
}

/**
 * Keeps a graph that is walked up to date with the database: reads the events after its position, in the order in
 * which they were committed, and writes them to the shared arrays. The one writer of its graph.
 *
 * Whoever writes calls {@link catchUp} between the commit and the answer: so a save that was answered is walked. The
 * same call brings a snapshot that was just loaded to the present.
 */
export class GraphFollower {
  readonly #database: Database;
  readonly #live: LiveGraph;
  readonly #reserve: Reserve;
  #position: number;
  #saves = 0;
  #isBehind = false;

  /** For a snapshot that was loaded with {@link reserveFor}, and that nobody has written to. O(nodes). */
  constructor(database: Database, { graph, header }: LoadedSnapshot) {
    this.#database = database;
    this.#live = new LiveGraph(graph, header.counts);
    this.#reserve = this.#live.remaining;
    this.#position = header.position;
  }

  /** Saves that came since the build, less those that went. */
  get liveSaves(): number {
    return this.#saves;
  }

  /** Whether a new graph is due: the reserve is low, or the log of events does not reach back to this graph. */
  get isDue(): boolean {
    return this.#isBehind || this.reserveLeft < lowShare;
  }

  /** Remaining share of the scarcest reserve, 0 to 1. */
  get reserveLeft(): number {
    const { remaining } = this.#live;
    return Math.min(
      ...(Object.keys(remaining) as (keyof Reserve)[]).map((of) => remaining[of] / this.#reserve[of]),
    );
  }

  /** Applies all that was committed since the last call. About 1 µs a save, and 20 µs for looking. */
  catchUp(): void {
    const position = readEvents(this.#database, this.#position, (kind, a, b) => this.#apply(kind, a, b));
    if (position === undefined) this.#isBehind = true;
    else this.#position = position;
  }

  #apply(kind: EventKind, a: number, b: number): void {
    if (kind === 'board') this.#isBehind ||= this.#live.addBoard(a, b) === 'full';
    else if (kind === 'save') this.#addSave(a, b);
    else if (kind === 'save-gone' && this.#live.removeSave(a, b)) this.#saves--;
  }

  #addSave(board: number, pin: number): void {
    // A board for which there was no room has no owner.
    const isKnown = (this.#live.graph.boardToUser[board] ?? -1) >= 0;
    const outcome = isKnown ? this.#live.addSave(board, pin) : 'full';
    if (outcome === 'full') this.#isBehind = true;
    else if (outcome === 'added') this.#saves++;
  }
}
