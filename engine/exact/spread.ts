import { type Work, prices } from '../base/index.ts';
import { type Adjacency, nodeCount } from '../graph/index.ts';
import { type PowerTable, type SparseVector, sumOf } from '../sparse/index.ts';

/** Both directions of the edges that mass moves along. */
export interface Direction {
  readonly forth: Adjacency;
  readonly back: Adjacency;
}

/**
 * A sparse matrix-vector product: every node gives each of its neighbors its value times `power.of(degree)`. With
 * exponent −1 this is a random step, which conserves the total. `to` must be empty; the values of `from` are scaled in
 * place. O(edges of the nodes in `from`).
 *
 * If many edges are involved, targets gather instead of sources scattering, and sums stay in a register. If the edges cost
 * more than `share` of the work that is left, the last nodes of `from` are dropped.
 */
export function spread(
  { forth, back }: Direction,
  from: SparseVector,
  power: PowerTable,
  to: SparseVector,
  work: Work,
  share = 1,
): void {
  const { slices } = forth;
  const gatheredMin = forth.neighbors.length / 16;
  let edges = 0;
  for (let i = 0; i < from.size; i++) {
    const node = from.nodes[i]!;
    const degree = slices[2 * node + 1]!;
    from.values[node]! *= power.of(degree);
    edges += degree;
  }
  const affordable = work.take(edges, prices.edge, share);
  if (affordable < edges) edges = dropLast(forth, from, edges, affordable);
  if (edges > gatheredMin) gather(back, from, to);
  else scatter(forth, from, to);
}

/** Drops the last nodes until at most `edgesMax` of the edges are left; returns how many are. */
function dropLast({ slices }: Adjacency, from: SparseVector, edges: number, edgesMax: number): number {
  let left = edges;
  // A live graph may have lost edges since they were counted.
  while (left > edgesMax && from.size > 0) {
    const node = from.nodes[--from.size]!;
    from.values[node] = 0;
    left -= slices[2 * node + 1]!;
  }
  return left;
}

function scatter({ slices, neighbors }: Adjacency, from: SparseVector, to: SparseVector): void {
  const { values, nodes } = to;
  let size = 0;
  for (let i = 0; i < from.size; i++) {
    const node = from.nodes[i]!;
    const amount = from.values[node]!;
    if (amount === 0) continue;
    const degree = slices[2 * node + 1]!;
    const start = slices[2 * node]!;
    const end = start + degree;
    for (let edge = start; edge < end; edge++) {
      const neighbor = neighbors[edge]!;
      const before = values[neighbor]!;
      if (before === 0) nodes[size++] = neighbor;
      values[neighbor] = before + amount;
    }
  }
  to.size = size;
}

function gather(back: Adjacency, from: SparseVector, to: SparseVector): void {
  const { slices, neighbors } = back;
  const { values: amounts } = from;
  let size = 0;
  for (let node = 0; node < nodeCount(back); node++) {
    const degree = slices[2 * node + 1]!;
    const start = slices[2 * node]!;
    const end = start + degree;
    const sum = sumOf(amounts, neighbors, start, end);
    if (sum === 0) continue;
    to.nodes[size++] = node;
    to.values[node] = sum;
  }
  to.size = size;
}
