import { check } from '../base/index.ts';
import { type PinBoardGraph, nodeCount } from '../graph/index.ts';
import { LiveAdjacency } from './live-adjacency.ts';
import type { Reserve } from './reserve.ts';

/** How many of each a graph has in use: numbers from 0 up to it, holes included. */
export interface GraphSize {
  readonly pins: number;
  readonly boards: number;
  readonly users: number;
}

/** Saves whose memory is asked for before the first of them is written. */
const touchedAhead = 64;

/**
 * The one writer of a graph that others walk meanwhile, in this thread or in others: a save is walked as soon as
 * {@link addSave} returns. The graph needs room, which {@link withReserve} gives. Two writers of one graph destroy
 * it.
 *
 * Both directions of a save are written before either is published. So a walker that comes along the one direction
 * always finds the other; for a moment, a save may be seen in one direction only.
 *
 * Removed saves leave their places to the slice they were in; moved slices leave theirs for good. When the room is
 * used up, writes are refused with `full` and change nothing: then a new graph is due.
 */
export class LiveGraph {
  readonly graph: PinBoardGraph;
  readonly #pins: LiveAdjacency;
  readonly #boards: LiveAdjacency;
  readonly #writes: Int32Array<SharedArrayBuffer>;
  #size: GraphSize;
  /** Of no use, but that the reads that make it are not left out. */
  readonly #touched = new Int32Array(1);

  /**
   * Takes over a graph of which so much is in use. O(nodes), and 4 bytes a node. Throws `invalid-parameter`
   * (`graph`) for one that is not live, and (`size`) for one that is smaller.
   */
  constructor(graph: PinBoardGraph, size: GraphSize) {
    const { writes } = graph;
    check(writes !== undefined, 'graph', 'has no reserve');
    const isWithin =
      size.pins <= nodeCount(graph.pinToBoard) &&
      size.boards <= nodeCount(graph.boardToPin) &&
      size.users <= graph.userCount;
    check(isWithin, 'size', 'is more than the graph has');
    this.graph = graph;
    this.#writes = writes;
    this.#size = { pins: size.pins, boards: size.boards, users: size.users };
    this.#pins = new LiveAdjacency(graph.pinToBoard);
    this.#boards = new LiveAdjacency(graph.boardToPin);
  }

  /** What is in use. */
  get size(): GraphSize {
    return this.#size;
  }

  /** What is left of the reserve: the places of the direction that has fewer. */
  get left(): Reserve {
    const { graph } = this;
    const { pins, boards, users } = this.#size;
    return {
      places: Math.min(this.#pins.placesLeft, this.#boards.placesLeft),
      pins: nodeCount(graph.pinToBoard) - pins,
      boards: nodeCount(graph.boardToPin) - boards,
      users: graph.userCount - users,
    };
  }

  /**
   * Gives a board its owner; needed once, before its first save. Throws `invalid-parameter` (`board` or `user`) for
   * what is no index.
   */
  addBoard(board: number, user: number): 'added' | 'full' {
    checkIndex('board', board);
    checkIndex('user', user);
    const { graph } = this;
    if (board >= nodeCount(graph.boardToPin) || user >= graph.userCount) return 'full';
    Atomics.store(graph.boardToUser, board, user);
    const { pins, boards, users } = this.#size;
    this.#size = { pins, boards: Math.max(boards, board + 1), users: Math.max(users, user + 1) };
    return 'added';
  }

  /**
   * Puts a pin on a board. `known`: it is there already. `full`: there is no room for it, and nothing was changed.
   * O(1) amortised, and O(the smaller of the two degrees) to see whether it is known. Throws `invalid-parameter`
   * (`pin` or `board`) for what is no index, and for a board without an owner.
   */
  addSave(board: number, pin: number): 'added' | 'known' | 'full' {
    checkIndex('board', board);
    checkIndex('pin', pin);
    const { graph } = this;
    if (pin >= nodeCount(graph.pinToBoard) || board >= nodeCount(graph.boardToPin)) return 'full';
    // A board with saves has one: there is no need to look.
    if (this.#boards.degreeOf(board) === 0 && graph.boardToUser[board]! < 0)
      check(false, 'board', `board ${board} has no owner`);
    if (this.hasSave(board, pin)) return 'known';
    if (!this.#pins.hasRoomAt(pin) || !this.#boards.hasRoomAt(board)) return 'full';
    this.#pins.prepare(pin, board);
    this.#boards.prepare(board, pin);
    this.#pins.publish(pin);
    this.#boards.publish(board);
    if (pin >= this.#size.pins) this.#size = { ...this.#size, pins: pin + 1 };
    this.#countWrite();
    return 'added';
  }

  /**
   * Puts pins on boards, one after another: 1.4 to 1.6 times as fast as {@link addSave}, as the processor waits for the
   * memory of 64 saves at a time (docs/live.md). Ends before the first save that there is no room for: `done` is its
   * place, or the number of all. Throws as {@link addSave} does, those before being added.
   */
  addSaves(boards: Int32Array, pins: Int32Array): { readonly done: number; readonly added: number } {
    let [done, added] = [0, 0];
    while (done < boards.length) {
      const end = Math.min(done + touchedAhead, boards.length);
      this.#touched[0] = this.#pins.touch(pins, done, end) ^ this.#boards.touch(boards, done, end);
      for (; done < end; done++) {
        const outcome = this.addSave(boards[done]!, pins[done]!);
        if (outcome === 'full') return { done, added };
        added += Number(outcome === 'added');
      }
    }
    return { done, added };
  }

  /** Takes a pin off a board. False when it is not there. O(the degrees of both). */
  removeSave(board: number, pin: number): boolean {
    if (!this.hasSave(board, pin)) return false;
    this.#pins.remove(pin, this.#pins.indexOf(pin, board));
    this.#boards.remove(board, this.#boards.indexOf(board, pin));
    this.#countWrite();
    return true;
  }

  /** Whether a pin is on a board; false for any that there are not. O(the smaller of the two degrees). */
  hasSave(board: number, pin: number): boolean {
    const { graph } = this;
    if (!isIndex(pin) || pin >= nodeCount(graph.pinToBoard)) return false;
    if (!isIndex(board) || board >= nodeCount(graph.boardToPin)) return false;
    return this.#pins.degreeOf(pin) < this.#boards.degreeOf(board)
      ? this.#pins.indexOf(pin, board) >= 0
      : this.#boards.indexOf(board, pin) >= 0;
  }

  #countWrite(): void {
    // A plain store: it tells that something changed, and orders nothing.
    this.#writes[0]!++;
  }
}

function isIndex(index: number): boolean {
  return Number.isInteger(index) && index >= 0;
}

function checkIndex(field: string, index: number): void {
  // The text is made for who is at fault alone: it would cost more than the write.
  if (!isIndex(index)) check(false, field, `${index} is not an index`);
}
