import { check } from '../base/index.ts';
import {
  type Adjacency,
  type PinBoardGraph,
  degreeOf,
  neighborsOf,
  nodeCount,
  saveCount,
  sharedInt32Array,
} from './adjacency.ts';
import { assertGraph } from './assert-graph.ts';
import { type BoardTopics, type PinTopics, boardTopics } from './board-topics.ts';
import { transpose } from './build-graph.ts';

export interface PruneOptions {
  /** A pin of d boards keeps ceil(d^delta) of them; in [0, 1], and 1 keeps all. */
  readonly delta: number;
  /** Share of the boards, those whose topics are most mixed, that are dropped; in [0, 1), and 0 drops none. */
  readonly entropyShareDropped: number;
}

export interface PruneReport {
  readonly edgesBefore: number;
  readonly edgesAfter: number;
  /** Boards dropped for their entropy, at most the share asked for: boards of one topic are never dropped. */
  readonly boardsDropped: number;
  /** The largest entropy of a board that was kept, in bits. */
  readonly entropyMax: number;
  /** Pins that had boards and have none left: all of them were dropped. */
  readonly pinsBared: number;
}

/**
 * Pixie's graph pruning (Eksombatchai et al., WWW 2018, section 3.3, doi:10.1145/3178876.3186183): boards whose
 * topics are most mixed are dropped, then each pin keeps, of the d boards that are left to it, the ceil(d^delta)
 * that fit its topics best. So walks stay on topic, and reach as far in fewer steps.
 *
 * A board's topics are the mean over its pins; {@link PinTopics} says how well a pin fits a board, measured on the
 * whole graph. Equal entropies: the board of the larger number is dropped; equal fits: that of the smaller is kept.
 *
 * Numbers of pins and boards stay; what lost all its saves has degree 0. The graph given is not changed. Same
 * input: same output, whatever the order within slices.
 * O(saves · (log of the largest degree + dimensions)) time, 12 bytes a save beside both graphs.
 * Throws `invalid-parameter` (`delta`, `entropyShareDropped` or `topics`).
 */
export function pruneGraph(
  graph: PinBoardGraph,
  topics: PinTopics,
  options: PruneOptions,
): { graph: PinBoardGraph; report: PruneReport } {
  checkPruneOptions(options);
  const { delta, entropyShareDropped } = options;
  const pinCount = nodeCount(graph.pinToBoard);
  const boardCount = nodeCount(graph.boardToPin);
  const saves = transpose(graph.boardToPin, pinCount);
  const { entropies, fits } = readBoards(graph.boardToPin, saves, boardTopics(topics, pinCount, boardCount));
  const { isDropped, boardsDropped } = dropMixed(graph.boardToPin, entropies, entropyShareDropped);
  const pinToBoard = keepBest(saves, fits, isDropped, delta);
  const { boardToUser, userCount } = graph;
  const pruned = { pinToBoard, boardToPin: transpose(pinToBoard, boardCount), boardToUser, userCount };
  assertGraph(pruned);

  let [entropyMax, pinsBared] = [0, 0];
  for (let board = 0; board < boardCount; board++) {
    if (isDropped[board] === 0) entropyMax = Math.max(entropyMax, entropies[board]!);
  }
  for (let i = 1; i < saves.slices.length; i += 2) {
    if (saves.slices[i]! > 0 && pinToBoard.slices[i] === 0) pinsBared++;
  }
  const edges = { edgesBefore: saves.neighbors.length, edgesAfter: saveCount(pruned) };
  return { graph: pruned, report: { ...edges, boardsDropped, entropyMax, pinsBared } };
}

/** Throws `invalid-parameter` as {@link pruneGraph} does: for who computes topics first, which may take a while. */
export function checkPruneOptions({ delta, entropyShareDropped }: PruneOptions): void {
  check(delta >= 0 && delta <= 1, 'delta', `${delta} is not in [0, 1]`);
  const isShare = entropyShareDropped >= 0 && entropyShareDropped < 1;
  check(isShare, 'entropyShareDropped', `${entropyShareDropped} is not in [0, 1)`);
}

/**
 * The entropy of each board, and how well each save fits, as `saves` has them: by pin, then board. In 32 bits, so
 * that sums that differ in their last bit by the order of their terms are equal.
 */
function readBoards(
  boardToPin: Adjacency,
  saves: Adjacency,
  topics: BoardTopics,
): { entropies: Float32Array; fits: Float32Array } {
  const entropies = new Float32Array(nodeCount(boardToPin));
  const fits = new Float32Array(saves.neighbors.length);
  const next = Int32Array.from({ length: nodeCount(saves) }, (_, pin) => saves.slices[2 * pin]!);
  for (let board = 0; board < entropies.length; board++) {
    const pins = neighborsOf(boardToPin, board);
    entropies[board] = pins.length === 0 ? 0 : topics.read(pins);
    for (const pin of pins) fits[next[pin]!++] = topics.similarityTo(pin);
  }
  return { entropies, fits };
}

/** Marks the boards of largest entropy: a share of those that have pins, but none that has one topic only. */
function dropMixed(
  boardToPin: Adjacency,
  entropies: Float32Array,
  share: number,
): { isDropped: Uint8Array; boardsDropped: number } {
  const isDropped = new Uint8Array(entropies.length);
  const byEntropy = new Int32Array(entropies.length);
  let [withPins, mixed] = [0, 0];
  for (let board = 0; board < entropies.length; board++) {
    if (degreeOf(boardToPin, board) > 0) withPins++;
    if (entropies[board]! > 0) byEntropy[mixed++] = board;
  }
  byEntropy.subarray(0, mixed).sort((a, b) => entropies[b]! - entropies[a]! || b - a);
  const dropped = byEntropy.subarray(0, Math.min(mixed, Math.floor(share * withPins)));
  for (const board of dropped) isDropped[board] = 1;
  return { isDropped, boardsDropped: dropped.length };
}

/** The saves of each pin that fit best, on boards that were not dropped; boards ascending. */
function keepBest(saves: Adjacency, fits: Float32Array, isDropped: Uint8Array, delta: number): Adjacency {
  const { neighbors } = saves;
  const slices = sharedInt32Array(saves.slices.length);
  const order = new Int32Array(neighbors.length);
  let size = 0;
  for (let pin = 0; pin < nodeCount(saves); pin++) {
    const start = saves.slices[2 * pin]!;
    const end = start + saves.slices[2 * pin + 1]!;
    const from = size;
    for (let edge = start; edge < end; edge++) if (isDropped[neighbors[edge]!] === 0) order[size++] = edge;
    const degree = size - from;
    // Less a little, as a power that is a whole number may come out above it.
    const kept = degree === 0 ? 0 : Math.ceil(degree ** delta - 1e-9);
    if (kept < degree) {
      // Edges ascend by board, so of equal fits the smaller board comes first.
      order.subarray(from, size).sort((a, b) => fits[b]! - fits[a]! || a - b);
      order.subarray(from, from + kept).sort();
    }
    size = from + kept;
    slices[2 * pin] = from;
    slices[2 * pin + 1] = kept;
  }
  const boards = sharedInt32Array(size);
  for (let i = 0; i < size; i++) boards[i] = neighbors[order[i]!]!;
  return { slices, neighbors: boards };
}
