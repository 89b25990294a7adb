import { type PinContent, areLinksFull, removeLinks } from '../../../engine/content/index.ts';
import type { PinBoardGraph } from '../../../engine/graph/index.ts';
import { LiveGraph, type Reserve, fittingReserve } from '../../../engine/live/index.ts';
import {
  type ChangeKind,
  type Database,
  type GraphCounts,
  readChanges,
  readPosition,
} from '../../../graph-data/database/index.ts';
import { type DataFolder, messageOf } from '../../../graph-data/base/index.ts';
import type { LoadedSnapshot } from '../../../graph-data/snapshot/index.ts';
import type { Turns } from '../../base/index.ts';
import { ContentFollower } from './content-follower.ts';

/** A new save takes about seven slots at first (docs/live.md): four per save leave room for half as many new saves. */
const slotsPerSave = 4;
const slotsMin = 2 ** 22;
/**
 * Room for so many new pins, boards and users in a small graph; larger ones get half as many as they have. With a quarter of it,
 * a small graph into which 600,000 saves streamed was built four times instead of once (docs/kafka.md).
 */
const nodesMin = 2 ** 16;
/** Changes applied at a time: a few milliseconds. */
const changesPerSlice = 1_000;
/** A new graph is due when less than this share of any reserve remains. */
const lowShare = 0.25;

interface FollowerOptions {
  readonly database: Database;
  readonly turns: Turns;
  readonly onFault: (fault: string) => void;
  /** Changes since the snapshot, beyond which a new graph is due: the log keeps them until then. Default: no limit. */
  readonly changesKept?: number;
  /** Where the texts of pins are read. Default: content is not kept up to date. */
  readonly folder?: DataFolder | undefined;
}

/**
 * Room for changes while a snapshot is served: less from some 190 million saves on, as a direction has at most 4 GB.
 * Pages that are never written take no memory.
 */
export function reserveFor(counts: GraphCounts): Reserve {
  const { saves, pins, boards, users } = counts;
  const slots = slotsMin + slotsPerSave * saves;
  return fittingReserve({ slots, pins: half(pins), boards: half(boards), users: half(users) }, counts);
}

function half(nodes: number): number {
  return Math.max(nodesMin, Math.ceil(nodes / 2));
}

/**
 * Keeps the served graph up to date with the database: applies the changes after its position to the shared arrays, in
 * the order of their commits. It is the only writer of its graph.
 *
 * {@link catchUp} runs between a commit and its responses, until there are no more changes, so walks see every acknowledged
 * save. It also brings a newly loaded snapshot up to date.
 */
export class GraphFollower {
  readonly #database: Database;
  readonly #turns: Turns;
  readonly #onFault: (fault: string) => void;
  readonly #live: LiveGraph;
  readonly #reserve: Reserve;
  readonly #isPruned: boolean;
  readonly #links: PinContent['live'];
  readonly #content: ContentFollower | undefined;
  readonly #positionMax: number;
  #hasPins = false;
  #position: number;
  #saves = 0;
  #isBehind = false;
  #catchingUp: Promise<void> | undefined;
  /**
   * Removed saves that the graph still has: those of a commit are removed together, since that costs one pass
   * over their nodes. The order of neighbors then depends on the log alone, not on when it was read: a replica
   * has the same.
   */
  #gone: { boards: number[]; pins: number[] } = { boards: [], pins: [] };

  /** For a snapshot that was loaded with {@link reserveFor} and not changed since. O(nodes). */
  constructor(
    snapshot: LoadedSnapshot,
    { database, turns, onFault, folder, changesKept = Infinity }: FollowerOptions,
  ) {
    const { graph, header, content } = snapshot;
    this.#links = content?.live;
    const follows = this.#links !== undefined && folder !== undefined;
    this.#content = follows ? new ContentFollower(folder.root, snapshot, onFault) : undefined;
    this.#database = database;
    this.#turns = turns;
    this.#onFault = onFault;
    this.#live = new LiveGraph(graph, header.counts);
    this.#reserve = this.#live.remaining;
    this.#position = header.position;
    this.#positionMax = header.position + changesKept;
    this.#isPruned = header.options.prune !== undefined;
  }

  /** Position of the change log up to which the graph has all changes. */
  get position(): number {
    return this.#position;
  }

  /** Saves added since the build, minus those removed. */
  get liveSaves(): number {
    return this.#saves;
  }

  /** The graph, while it has exactly the saves of the database, including those of other processes. */
  get exactGraph(): PinBoardGraph | undefined {
    if (this.#isPruned || this.#isBehind || readPosition(this.#database) !== this.#position) return undefined;
    return this.#live.graph;
  }

  /** Whether a new graph is due: a reserve is low, the change log grows too long, or it does not reach back to this graph. */
  get isDue(): boolean {
    const areFull = this.#links !== undefined && areLinksFull(this.#links);
    return this.#isBehind || areFull || this.reserveLeft < lowShare || this.#position > this.#positionMax;
  }

  /** Remaining share of the scarcest reserve, 0 to 1. */
  get reserveLeft(): number {
    const { remaining } = this.#live;
    return Math.min(
      ...(Object.keys(remaining) as (keyof Reserve)[]).map((of) => remaining[of] / this.#reserve[of]),
    );
  }

  /**
   * Applies all committed changes, about 1 µs per save, many of them in several turns of the event loop. A call during
   * another waits for the same: that one ends once it has seen no further change. Never rejects.
   */
  async catchUp(): Promise<void> {
    this.#catchingUp ??= this.#applyAll().finally(() => (this.#catchingUp = undefined));
    return this.#catchingUp;
  }

  async #applyAll(): Promise<void> {
    try {
      while (this.applyNext()) await this.#turns.next();
    } catch (error) {
      this.#onFault(`the graph could not be brought up to date: ${messageOf(error)}`);
    }
  }

  /** Applies the next committed changes; returns whether there may be more. 30 µs when there are none. */
  applyNext(): boolean {
    const onChange = (kind: ChangeKind, a: number, b: number, endsCommit: boolean): void =>
      this.#apply(kind, a, b, endsCommit);
    const position = readChanges(this.#database, this.#position, onChange, changesPerSlice);
    if (this.#hasPins) this.#content?.follow();
    this.#hasPins = false;
    if (position === undefined) {
      this.#removeGone();
      this.#isBehind = true;
      return false;
    }
    const isFull = position === this.#position + changesPerSlice;
    this.#position = position;
    // Removals of an unfinished commit are applied with the rest of it.
    if (!isFull) this.#removeGone();
    return isFull;
  }

  /** Ends the thread that follows what pins say, if there is one. */
  async close(): Promise<void> {
    await this.#content?.close();
  }

  #apply(kind: ChangeKind, a: number, b: number, endsCommit: boolean): void {
    this.#hasPins ||= kind === 'pin' || kind === 'pin-gone';
    // The thread that follows the texts of pins reads of the removal later, and may be making the pin's links
    // now: no walk may reach a deleted pin.
    if (kind === 'pin-gone' && this.#links !== undefined) removeLinks(this.#links, a);
    if (kind === 'save-gone') {
      this.#gone.boards.push(a);
      this.#gone.pins.push(b);
    } else if (kind === 'board') {
      this.#isBehind ||= this.#live.addBoard(a, b) === 'full';
    } else if (kind === 'save') {
      this.#removeGone();
      this.#addSave(a, b);
    }
    if (endsCommit) this.#removeGone();
  }

  #removeGone(): void {
    const { boards, pins } = this.#gone;
    if (boards.length === 0) return;
    this.#gone = { boards: [], pins: [] };
    this.#saves -= this.#live.removeSaves(boards, pins);
  }

  #addSave(board: number, pin: number): void {
    // A board that did not fit has no owner.
    const isKnown = (this.#live.graph.boardToUser[board] ?? -1) >= 0;
    const outcome = isKnown ? this.#live.addSave(board, pin) : 'full';
    if (outcome === 'full') this.#isBehind = true;
    else if (outcome === 'added') this.#saves++;
  }
}
