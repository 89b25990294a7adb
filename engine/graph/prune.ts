import { check } from '../base/index.ts';
import {
  type Adjacency,
  type PinBoardGraph,
  degreeOf,
  neighborsOf,
  nodeCount,
  saveCount,
  createAdjacency,
} from './adjacency.ts';
import { assertGraph } from './assert-graph.ts';
import { type BoardTopics, type PinTopics, boardTopics } from './board-topics.ts';
import { transpose } from './build-graph.ts';

export interface PruneOptions {
  /** A pin of d boards keeps ceil(d^delta) of them, in [0, 1]; 1 keeps all. */
  readonly delta: number;
  /** Share of the boards to drop, by largest topic entropy, in [0, 1); 0 drops none. */
  readonly entropyShareDropped: number;
}

export interface PruneReport {
  readonly edgesBefore: number;
  readonly edgesAfter: number;
  /** Boards dropped for their entropy. Fewer than requested if too few boards have more than one topic. */
  readonly boardsDropped: number;
  /** Largest entropy of a kept board, in bits. */
  readonly entropyMax: number;
  /** Pins that lost all their boards. */
  readonly pinsBared: number;
}

/**
 * Pixie's graph pruning (Eksombatchai et al., WWW 2018, section 3.3, doi:10.1145/3178876.3186183). Drops the boards
 * with the largest topic entropy; then every pin keeps the ceil(d^delta) of its d remaining boards that are most
 * similar to it. Walks then stay on topic.
 *
 * A board's topics are the mean over its pins. Entropies and similarities are those of the unpruned graph. Ties:
 * of equal entropies the larger board index is dropped, of equal similarities the smaller one is kept.
 *
 * Indices stay the same; a node that lost all its saves has degree 0. The given graph is not modified. Deterministic,
 * whatever the order within slices. O(saves · (log of the largest degree + dimensions)) time, 12 bytes per save in
 * addition to both graphs. Throws `invalid-parameter` (`delta`, `entropyShareDropped` or `topics`).
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
  const reader = boardTopics(topics, pinCount, boardCount);
  const { entropies, similarities } = readBoards(graph.boardToPin, saves, reader);
  const { isDropped, boardsDropped } = dropMixed(graph.boardToPin, entropies, entropyShareDropped);
  const pinToBoard = keepMostSimilar(saves, similarities, isDropped, delta);
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

/** Throws `invalid-parameter` as {@link pruneGraph} does, for callers that compute the topics first, which is slow. */
export function checkPruneOptions({ delta, entropyShareDropped }: PruneOptions): void {
  check(delta >= 0 && delta <= 1, 'delta', `${delta} is not in [0, 1]`);
  const isShare = entropyShareDropped >= 0 && entropyShareDropped < 1;
  check(isShare, 'entropyShareDropped', `${entropyShareDropped} is not in [0, 1)`);
}

/**
 * The entropy of each board, and the similarity of pin and board for each save, in the order of `saves`: by pin, then
 * board. Rounded to 32 bits so that sums that differ only by the order of their terms compare equal.
 */
function readBoards(
  boardToPin: Adjacency,
  saves: Adjacency,
  topics: BoardTopics,
): { entropies: Float32Array; similarities: Float32Array } {
  const entropies = new Float32Array(nodeCount(boardToPin));
  const similarities = new Float32Array(saves.neighbors.length);
  const next = Int32Array.from({ length: nodeCount(saves) }, (_, pin) => saves.slices[2 * pin]!);
  for (let board = 0; board < entropies.length; board++) {
    const pins = neighborsOf(boardToPin, board);
    entropies[board] = pins.length === 0 ? 0 : topics.read(pins);
    for (const pin of pins) similarities[next[pin]!++] = topics.similarityTo(pin);
  }
  return { entropies, similarities };
}

/** Marks the boards with the largest entropy: a share of those with pins, but none with a single topic. */
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

/** Per pin, the most similar of its boards that were not dropped; boards ascending. */
function keepMostSimilar(
  saves: Adjacency,
  similarities: Float32Array,
  isDropped: Uint8Array,
  delta: number,
): Adjacency {
  const { neighbors } = saves;
  const slices = new Int32Array(saves.slices.length);
  const order = new Int32Array(neighbors.length);
  let size = 0;
  for (let pin = 0; pin < nodeCount(saves); pin++) {
    const start = saves.slices[2 * pin]!;
    const end = start + saves.slices[2 * pin + 1]!;
    const from = size;
    for (let edge = start; edge < end; edge++) if (isDropped[neighbors[edge]!] === 0) order[size++] = edge;
    const degree = size - from;
    // Rounding may put a power that is an integer just above it.
    const kept = degree === 0 ? 0 : Math.ceil(degree ** delta - 1e-9);
    if (kept < degree) {
      // Edges ascend by board, so the smaller board comes first among equal similarities.
      order.subarray(from, size).sort((a, b) => similarities[b]! - similarities[a]! || a - b);
      order.subarray(from, from + kept).sort();
    }
    size = from + kept;
    slices[2 * pin] = from;
    slices[2 * pin + 1] = kept;
  }
  const kept = createAdjacency(nodeCount(saves), size);
  kept.slices.set(slices);
  for (let i = 0; i < size; i++) kept.neighbors[i] = neighbors[order[i]!]!;
  return kept;
}
