import { LiveGraph, type Reserve } from '../../../engine/index.ts';
import {
  type Database,
  type GraphChangeKind,
  type GraphCounts,
  readChanges,
} from '../../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';

/** A new save takes about seven slots at first (docs/live.md): four per save leave room for half as many new saves. */
const slotsPerSave = 4;
const slotsMin = 2 ** 20;
/** Room for so many new pins, boards and users in a small graph; larger ones get half as many as they have. */
const nodesMin = 2 ** 14;
/** A new graph is due when less than this share of any reserve remains. */
const lowShare = 0.25;

/** Room for changes while a snapshot is served. Pages that are never written take no memory. */
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
 * Keeps the served graph up to date with the database: applies the changes after its position to the shared arrays, in
 * the order of their commits. It is the only writer of its graph.
 *
 * {@link catchUp} runs between a commit and its responses, so walks see every acknowledged save. It also brings a newly
 * loaded snapshot up to date.
 */
export class GraphFollower {
  readonly #database: Database;
  readonly #live: LiveGraph;
  readonly #reserve: Reserve;
  #position: number;
  #saves = 0;
  #isBehind = false;

  /** For a snapshot that was loaded with {@link reserveFor} and not changed since. O(nodes). */
  constructor(database: Database, { graph, header }: LoadedSnapshot) {
    this.#database = database;
    this.#live = new LiveGraph(graph, header.counts);
    this.#reserve = this.#live.remaining;
    this.#position = header.position;
  }

  /** Saves added since the build, minus those removed. */
  get liveSaves(): number {
    return this.#saves;
  }

  /** Whether a new graph is due: a reserve is low, or the change log does not reach back to this graph. */
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

  /** Applies all changes committed since the last call: about 1 µs per save, and 20 µs when there are none. */
  catchUp(): void {
    const position = readChanges(this.#database, this.#position, (kind, a, b) => this.#apply(kind, a, b));
    if (position === undefined) this.#isBehind = true;
    else this.#position = position;
  }

  #apply(kind: GraphChangeKind, a: number, b: number): void {
    if (kind === 'board') this.#isBehind ||= this.#live.addBoard(a, b) === 'full';
    else if (kind === 'save') this.#addSave(a, b);
    else if (kind === 'save-gone' && this.#live.removeSave(a, b)) this.#saves--;
  }

  #addSave(board: number, pin: number): void {
    // A board that did not fit has no owner.
    const isKnown = (this.#live.graph.boardToUser[board] ?? -1) >= 0;
    const outcome = isKnown ? this.#live.addSave(board, pin) : 'full';
    if (outcome === 'full') this.#isBehind = true;
    else if (outcome === 'added') this.#saves++;
  }
}
