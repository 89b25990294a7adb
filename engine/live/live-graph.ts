import { check } from '../base/index.ts';
import { type PinBoardGraph, nodeCount } from '../graph/index.ts';
import { LiveAdjacency } from './live-adjacency.ts';
import type { Reserve } from './reserve.ts';

/** The part of a live graph in use: indices below these counts, gaps included. */
export interface GraphSize {
  readonly pins: number;
  readonly boards: number;
  readonly users: number;
}

/** The size of a graph whose arrays have no spare room. */
export function sizeOf({ pinToBoard, boardToPin, userCount }: PinBoardGraph): GraphSize {
  return { pins: nodeCount(pinToBoard), boards: nodeCount(boardToPin), users: userCount };
}

/** Saves that are prefetched before the first of them is written. */
const prefetchCount = 64;

/**
 * The single writer of a graph that is walked concurrently, in this thread or in others: a save is visible as soon as
 * {@link addSave} returns. The graph needs room, provided by {@link withReserve}. A second writer would corrupt it.
 *
 * Both directions of a save are written before either is published, so a walker that arrives by one direction always
 * finds a valid way back; for a moment, the save may be visible in one direction only.
 *
 * The slot of a removed save is reused by the same slice; the old slots of a moved slice are not reused. Without room,
 * writes return `full` and change nothing: it is time to build a new graph.
 */
export class LiveGraph {
  readonly graph: PinBoardGraph;
  readonly #pins: LiveAdjacency;
  readonly #boards: LiveAdjacency;
  readonly #writes: Int32Array<SharedArrayBuffer>;
  #size: GraphSize;
  /** Keeps V8 from eliminating the prefetch. */
  readonly #prefetched = new Int32Array(1);

  /**
   * Takes over a graph, `size` being the part in use. O(nodes) time, 4 bytes per node. Throws `invalid-parameter`
   * (`graph`) for a graph without a reserve and (`size`) for a size that exceeds the graph.
   */
  constructor(graph: PinBoardGraph, size: GraphSize) {
    const { writes } = graph;
    check(writes !== undefined, 'graph', 'has no reserve');
    const isWithin =
      size.pins <= nodeCount(graph.pinToBoard) &&
      size.boards <= nodeCount(graph.boardToPin) &&
      size.users <= graph.userCount;
    check(isWithin, 'size', 'exceeds the graph');
    this.graph = graph;
    this.#writes = writes;
    this.#size = { pins: size.pins, boards: size.boards, users: size.users };
    this.#pins = new LiveAdjacency(graph.pinToBoard);
    this.#boards = new LiveAdjacency(graph.boardToPin);
  }

  /** The part of the graph in use. */
  get size(): GraphSize {
    return this.#size;
  }

  /** The unused part of the reserve; `slots` is that of the fuller direction. */
  get remaining(): Reserve {
    const { graph } = this;
    const { pins, boards, users } = this.#size;
    return {
      slots: Math.min(this.#pins.slotsLeft, this.#boards.slotsLeft),
      pins: nodeCount(graph.pinToBoard) - pins,
      boards: nodeCount(graph.boardToPin) - boards,
      users: graph.userCount - users,
    };
  }

  /**
   * Sets the owner of a board; required before its first save. Throws `invalid-parameter` (`board` or `user`) unless
   * both are integers from 0.
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
   * Saves a pin to a board. `exists`: the save is already there. `full`: there is no room, and nothing has changed.
   * O(1) amortised, plus O(the smaller of the two degrees) to look for the save. Throws `invalid-parameter` (`pin` or
   * `board`) unless both are integers from 0, and for a board without an owner.
   */
  addSave(board: number, pin: number): 'added' | 'exists' | 'full' {
    checkIndex('board', board);
    checkIndex('pin', pin);
    const { graph } = this;
    if (pin >= nodeCount(graph.pinToBoard) || board >= nodeCount(graph.boardToPin)) return 'full';
    // A board with saves has an owner.
    if (this.#boards.degreeOf(board) === 0 && graph.boardToUser[board]! < 0)
      check(false, 'board', `board ${board} has no owner`);
    if (this.hasSave(board, pin)) return 'exists';
    if (!this.#pins.hasRoomFor(pin) || !this.#boards.hasRoomFor(board)) return 'full';
    this.#pins.prepare(pin, board);
    this.#boards.prepare(board, pin);
    this.#pins.publish(pin);
    this.#boards.publish(board);
    if (pin >= this.#size.pins) this.#size = { ...this.#size, pins: pin + 1 };
    this.#countSaves(1);
    return 'added';
  }

  /**
   * Adds many saves in order, 1.4 to 1.6 times as fast as {@link addSave}, because the cache misses of 64 saves overlap
   * (`npm run bench:live`). Stops before the first save without room: `done` is its index, or the number of saves.
   * Throws as {@link addSave} does, after adding the saves before the invalid one.
   */
  addSaves(boards: Int32Array, pins: Int32Array): { readonly done: number; readonly added: number } {
    let [done, added] = [0, 0];
    while (done < boards.length) {
      const end = Math.min(done + prefetchCount, boards.length);
      this.#prefetched[0] = this.#pins.prefetch(pins, done, end) ^ this.#boards.prefetch(boards, done, end);
      for (; done < end; done++) {
        const outcome = this.addSave(boards[done]!, pins[done]!);
        if (outcome === 'full') return { done, added };
        added += Number(outcome === 'added');
      }
    }
    return { done, added };
  }

  /** Removes a pin from a board. Returns false if the save does not exist. O(sum of the two degrees). */
  removeSave(board: number, pin: number): boolean {
    if (!this.hasSave(board, pin)) return false;
    this.#pins.remove(pin, this.#pins.indexOf(pin, board));
    this.#boards.remove(board, this.#boards.indexOf(board, pin));
    this.#countSaves(-1);
    return true;
  }

  /**
   * {@link removeSave} for many saves; returns how many existed. O(sum of the degrees of their boards and pins): each node
   * is read once, so a pin with 300,000 saves loses all of them in one pass instead of 300,000.
   */
  removeSaves(boards: readonly number[], pins: readonly number[]): number {
    const byPin = new Map<number, Set<number>>();
    const byBoard = new Map<number, Set<number>>();
    let removed = 0;
    for (const [i, board] of boards.entries()) {
      const pin = pins[i]!;
      if (byPin.get(pin)?.has(board) === true || !this.hasSave(board, pin)) continue;
      addTo(byPin, pin, board);
      addTo(byBoard, board, pin);
      removed++;
    }
    for (const [pin, gone] of byPin) this.#pins.removeAll(pin, gone);
    for (const [board, gone] of byBoard) this.#boards.removeAll(board, gone);
    this.#countSaves(-removed);
    return removed;
  }

  /** Whether a pin is on a board; false for an unknown pin or board. O(the smaller of the two degrees). */
  hasSave(board: number, pin: number): boolean {
    const { graph } = this;
    if (!isIndex(pin) || pin >= nodeCount(graph.pinToBoard)) return false;
    if (!isIndex(board) || board >= nodeCount(graph.boardToPin)) return false;
    return this.#pins.degreeOf(pin) < this.#boards.degreeOf(board)
      ? this.#pins.indexOf(pin, board) >= 0
      : this.#boards.indexOf(board, pin) >= 0;
  }

  #countSaves(added: number): void {
    // Plain stores suffice: the counters order nothing.
    this.#writes[0]! += Math.abs(added);
    this.#writes[1]! += added;
  }
}

function addTo(sets: Map<number, Set<number>>, key: number, member: number): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([member]));
  else set.add(member);
}

function isIndex(index: number): boolean {
  return Number.isInteger(index) && index >= 0;
}

function checkIndex(field: string, index: number): void {
  // Formatting the message on every call would cost more than the write.
  if (!isIndex(index)) check(false, field, `${index} is not an integer from 0`);
}
