import { type PinBoardGraph, type Query, neighborsOf, nodeCount } from '../../engine/index.ts';

/**
 * The formulas of the algorithms written out over full matrices: slow, plain, and without a line in common with
 * the engine. All vectors are by pin; `weights` of queries are by query pin.
 */

/** `held[pin][board]` is 1 when the board holds the pin. */
type Matrix = readonly (readonly number[])[];

const sumOf = (vector: readonly number[]): number => vector.reduce((sum, value) => sum + value, 0);
const zeros = (length: number): number[] => Array<number>(length).fill(0);
const scaledToOne = (vector: readonly number[]): number[] => {
  const sum = sumOf(vector);
  return vector.map((value) => (sum === 0 ? 0 : value / sum));
};

function heldBy(graph: PinBoardGraph): Matrix {
  return Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => {
    const row = zeros(nodeCount(graph.boardToPin));
    for (const board of neighborsOf(graph.pinToBoard, pin)) row[board] = 1;
    return row;
  });
}

/** Σ over boards b that hold both i and j of (d_b + shrinkage)^-exponent, for all i and j. */
function together(held: Matrix, exponent: number, shrinkage: number): number[][] {
  const boards = held[0]!.map((_, board) => sumOf(held.map((row) => row[board]!)));
  const worth = boards.map((degree) => (degree === 0 ? 0 : (degree + shrinkage) ** -exponent));
  return held.map((row) => held.map((other) => sumOf(worth.map((value, b) => row[b]! * other[b]! * value))));
}

/** The row vector `from` times a matrix. */
function times(from: readonly number[], matrix: Matrix): number[] {
  return from.map((_, j) => sumOf(from.map((value, i) => value * matrix[i]![j]!)));
}

/** One step of a walker: `step[i][j]` is the chance to go from i to j. Rows lack what boards lose. */
function stepMatrix(held: Matrix, boardShrinkage: number): number[][] {
  return together(held, 1, boardShrinkage).map((row, i) => {
    const degree = sumOf(held[i]!);
    return row.map((value) => (degree === 0 ? 0 : value / degree));
  });
}

/** The weights of a query by pin, those of pins without boards 0. */
function startsOf(held: Matrix, { pins, weights }: Query): number[] {
  const starts = zeros(held.length);
  for (const [i, pin] of pins.entries()) if (sumOf(held[pin]!) > 0) starts[pin] = weights[i]!;
  return starts;
}

/** The answer: what is reached and is no query pin, discounted by degree^-exponent. */
function answerOf(
  held: Matrix,
  query: Query,
  scores: readonly number[],
  reached: readonly number[],
  exponent: number,
): Map<number, number> {
  const answer = new Map<number, number>();
  for (const [pin, value] of reached.entries()) {
    if (value === 0 || query.pins.includes(pin)) continue;
    answer.set(pin, scores[pin]! * sumOf(held[pin]!) ** -exponent);
  }
  return answer;
}

export interface DensePaths {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly boardShrinkage: number;
  readonly sharpening: number;
}

/** V1(j) = Σ_i w_i · d_i^-x · Σ_b (d_b + c)^-y; V2 is V1 one step on, boards weighing the same; then d_j^-z. */
export function densePaths(graph: PinBoardGraph, query: Query, params: DensePaths): Map<number, number> {
  const { x, y, z, boardShrinkage, sharpening } = params;
  const held = heldBy(graph);
  const paths = together(held, y, boardShrinkage);
  const degrees = held.map(sumOf);
  const starts = startsOf(held, query).map((weight, i) => (weight === 0 ? 0 : weight * degrees[i]! ** -x));
  const first = times(starts, paths);
  const second = times(
    first.map((value, i) => (value === 0 ? 0 : value / degrees[i]!)),
    paths,
  );
  const [firstShares, secondShares] = [scaledToOne(first), scaledToOne(second)];
  const scores = firstShares.map((share, j) => share - sharpening * secondShares[j]!);
  return answerOf(held, query, scores, first, z);
}

/** Σ_t α (1 − α)^(t−1) · P^t · s for all pins, the query's own included: personalised PageRank, visits counted after each step. */
export function densePprOfAll(graph: PinBoardGraph, query: Query, restartProbability: number): number[] {
  const held = heldBy(graph);
  const step = stepMatrix(held, 0);
  let at = scaledToOne(startsOf(held, query));
  let total = zeros(held.length);
  for (let left = 1; left > 1e-18; left *= 1 - restartProbability) {
    at = times(at, step);
    const now = at;
    total = total.map((value, pin) => value + restartProbability * left * now[pin]!);
  }
  return total;
}

export function densePpr(
  graph: PinBoardGraph,
  query: Query,
  restartProbability: number,
  popularityDiscount: number,
): Map<number, number> {
  const scores = densePprOfAll(graph, query, restartProbability);
  return answerOf(heldBy(graph), query, scores, scores, popularityDiscount);
}

/** Σ_i w_i · c_ij / (√(d_i · d_j) + shrinkage) over the pins j most similar to each i, ties to the smaller pin. */
export function denseItemKnn(
  graph: PinBoardGraph,
  query: Query,
  neighborsMax: number,
  shrinkage: number,
): Map<number, number> {
  const held = heldBy(graph);
  const common = together(held, 0, 0);
  const degrees = held.map(sumOf);
  const scores = zeros(held.length);
  for (const [i, pin] of query.pins.entries()) {
    const similar = common[pin]!.map((count, j) => ({
      j,
      similarity: count === 0 ? 0 : count / (Math.sqrt(degrees[pin]! * degrees[j]!) + shrinkage),
    }));
    const nearest = similar
      .filter(({ j, similarity }) => j !== pin && similarity > 0)
      .toSorted((a, b) => b.similarity - a.similarity || a.j - b.j);
    for (const { j, similarity } of nearest.slice(0, neighborsMax)) {
      scores[j]! += query.weights[i]! * similarity;
    }
  }
  return answerOf(held, query, scores, scores, 0);
}

export interface DensePixie {
  readonly restartProbability: number;
  readonly startWeight: number;
  readonly popularityDiscount: number;
  readonly boardShrinkage: number;
  readonly sharpening: number;
}

/**
 * What `pixie` comes to with ever more steps. A walker from pin q is, in the long run, before a step at
 *
 *     at = (1 − α) · found + (α · Σ found + lost) · home,   found = at · P,   lost = 1 − Σ found
 *
 * iterated to its fixed point. Query pins mix by weight · degree^startWeight; shares are of the found visits.
 */
export function densePixie(graph: PinBoardGraph, query: Query, params: DensePixie): Map<number, number> {
  const { restartProbability, startWeight, popularityDiscount, boardShrinkage, sharpening } = params;
  const held = heldBy(graph);
  const step = stepMatrix(held, boardShrinkage);
  const weights = startsOf(held, query).map((weight, i) =>
    weight === 0 ? 0 : weight * sumOf(held[i]!) ** startWeight,
  );
  let visits = zeros(held.length);
  for (const [home, weight] of scaledToOne(weights).entries()) {
    if (weight === 0) continue;
    const found = longRunVisits(step, home, restartProbability);
    visits = visits.map((value, pin) => value + weight * found[pin]!);
  }
  const first = scaledToOne(visits);
  const second = scaledToOne(times(first, step));
  const scores = first.map((share, pin) => share - sharpening * second[pin]!);
  return answerOf(held, query, scores, first, popularityDiscount);
}

function longRunVisits(step: Matrix, home: number, restartProbability: number): number[] {
  let found = zeros(step.length);
  for (let round = 0; round < 3_000; round++) {
    const at = found.map((share) => share * (1 - restartProbability));
    at[home]! += 1 - sumOf(at);
    found = times(at, step);
  }
  return found;
}
