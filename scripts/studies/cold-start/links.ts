import {
  type ContentLinks,
  type PinBoardGraph,
  type ScoredPin,
  type SparseRows,
  NearestRows,
  contentLinks,
  createVectors,
  degreeOf,
  lsa,
  nearest,
  nodeCount,
} from '../../../engine/index.ts';

/** Neighbors of each pin at most; settings take fewer of the same lists. */
const neighborsMax = 200;

/** The saved pins nearest to each of some pins, nearest first. */
type Neighbors = ReadonlyMap<number, readonly ScoredPin[]>;

/** Nearest saved pins by the cosine of their TF-IDF rows. */
export function neighborsByWords(graph: PinBoardGraph, rows: SparseRows, pins: readonly number[]): Neighbors {
  const near = new NearestRows(rows);
  const isSaved = (pin: number): boolean => degreeOf(graph.pinToBoard, pin) > 0;
  return new Map(pins.map((pin) => [pin, near.of(pin, neighborsMax, isSaved)]));
}

/** Nearest saved pins by the cosine of their LSA vectors; a pin without words has none. */
export function neighborsByLsa(
  graph: PinBoardGraph,
  rows: SparseRows,
  pins: readonly number[],
  dims: number,
  type: 'float32' | 'int8',
): Neighbors {
  const flat = lsa(rows, dims, 1);
  const vectorOf = (pin: number): Float32Array => flat.subarray(pin * dims, (pin + 1) * dims);
  const described = Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => pin).filter((pin) =>
    vectorOf(pin).some((value) => value !== 0),
  );
  const packed = new Float32Array(described.length * dims);
  for (const [i, pin] of described.entries()) packed.set(vectorOf(pin), i * dims);
  const vectors = createVectors(packed, dims, type);
  const indexOf = new Map(described.map((pin, i) => [pin, i]));
  const queries = pins.filter((pin) => indexOf.has(pin));
  const lists = nearest(
    vectors,
    Int32Array.from(queries, (pin) => indexOf.get(pin)!),
    neighborsMax,
    (vector) => degreeOf(graph.pinToBoard, described[vector]!) > 0,
  );
  return new Map(
    queries.map((query, i) => [query, lists[i]!.map(({ pin, score }) => ({ pin: described[pin]!, score }))]),
  );
}

/** Links to the `count` nearest pins. */
export function linksOf(
  graph: PinBoardGraph,
  neighbors: Neighbors,
  count: number,
  prior: number,
): ContentLinks {
  const listOf = (pin: number): readonly ScoredPin[] => neighbors.get(pin)!.slice(0, count);
  return contentLinks(nodeCount(graph.pinToBoard), neighbors.keys(), listOf, prior);
}
