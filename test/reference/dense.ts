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

/** What `paths` and `pixie` have in common; what is left out is 0. */
export interface DenseShared {
  readonly pinShrinkage?: number;
  readonly boardShrinkage?: number;
  readonly sharpening?: number;
  readonly sharpeningPins?: number;
  readonly boardSharpening?: number;
}

export interface DensePaths extends DenseShared {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

/** m(b) = Σ_i from_i · (d_b + shrinkage)^-exponent over the pins i of each board b. */
function massesOf(
  held: Matrix,
  from: readonly number[],
  exponent: number,
  shrinkage: number,
): readonly number[] {
  return held[0]!.map((_, board) => {
    const degree = sumOf(held.map((row) => row[board]!));
    return degree === 0
      ? 0
      : sumOf(from.map((value, i) => value * held[i]![board]!)) * (degree + shrinkage) ** -exponent;
  });
}

/**
 * The scores that board masses m come to, before the discount of what is recommended:
 * V3(j) / ΣV3 − λ · V2(j) / ΣV2 with r(b) = max(0, m(b) / Σm − boardSharpening · m2(b) / Σm2), V3(j) = Σ_b r(b),
 * m2 and V2 being those of a random step from V1(j) = Σ_b m(b). Reached is what has a V3.
 */
function sharpened(
  held: Matrix,
  masses: readonly number[],
  y: number,
  queryPins: number,
  { boardShrinkage = 0, sharpening = 0, sharpeningPins = 0, boardSharpening = 0 }: DenseShared,
): { readonly scores: number[]; readonly reached: number[] } {
  const overPins = (brought: readonly number[]): number[] =>
    held.map((row) => sumOf(brought.map((mass, board) => row[board]! * mass)));
  const perBoard = overPins(masses).map((value, j) => (value === 0 ? 0 : value / sumOf(held[j]!)));
  const secondMasses = massesOf(held, perBoard, y, boardShrinkage);
  const secondMassShares = scaledToOne(secondMasses);
  const left = scaledToOne(masses).map((share, board) =>
    Math.max(0, share - boardSharpening * secondMassShares[board]!),
  );
  const reached = overPins(left);
  const secondShares = scaledToOne(overPins(secondMasses));
  const lambda = (sharpening * queryPins) / (queryPins + sharpeningPins);
  return { scores: scaledToOne(reached).map((share, j) => share - lambda * secondShares[j]!), reached };
}

/** m(b) = Σ_i w_i · (d_i + pinShrinkage)^-x · (d_b + boardShrinkage)^-y; sharpened; then d_j^-z. */
export function densePaths(graph: PinBoardGraph, query: Query, params: DensePaths): Map<number, number> {
  const { x, y, z, pinShrinkage = 0, boardShrinkage = 0 } = params;
  const held = heldBy(graph);
  const starts = startsOf(held, query).map((weight, i) =>
    weight === 0 ? 0 : weight * (sumOf(held[i]!) + pinShrinkage) ** -x,
  );
  const masses = massesOf(held, starts, y, boardShrinkage);
  const { scores, reached } = sharpened(held, masses, y, query.pins.length, params);
  return answerOf(held, query, scores, reached, z);
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

/**
 * Σ_i w_i · c_ij / (√(d_i · d_j) + shrinkage) over the pins j most similar to each i, ties to the smaller pin; w are
 * the weights divided by the largest.
 */
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
  const largest = Math.max(...query.weights);
  for (const [i, pin] of query.pins.entries()) {
    const similar = common[pin]!.map((count, j) => ({
      j,
      similarity: count === 0 ? 0 : count / (Math.sqrt(degrees[pin]! * degrees[j]!) + shrinkage),
    }));
    const nearest = similar
      .filter(({ j, similarity }) => j !== pin && similarity > 0)
      .toSorted((a, b) => b.similarity - a.similarity || a.j - b.j);
    for (const { j, similarity } of nearest.slice(0, neighborsMax)) {
      scores[j]! += (query.weights[i]! / largest) * similarity;
    }
  }
  return answerOf(held, query, scores, scores, 0);
}

export interface DensePixie extends DenseShared {
  readonly restartProbability: number;
  readonly startWeight: number;
  readonly popularityDiscount: number;
}

/**
 * What `pixie` comes to with ever more steps. A walker from pin q is, in the long run, before a step at
 *
 *     at = (1 − α) · found + (α · Σ found + lost) · home,   found = at · P,   lost = 1 − Σ found
 *
 * iterated to its fixed point. Query pins mix by weight · degree · (degree + pinShrinkage)^(startWeight − 1); boards
 * have the mass that half a step from there brings to each of their pins.
 */
export function densePixie(graph: PinBoardGraph, query: Query, params: DensePixie): Map<number, number> {
  const {
    restartProbability,
    startWeight,
    popularityDiscount,
    pinShrinkage = 0,
    boardShrinkage = 0,
  } = params;
  const held = heldBy(graph);
  const step = stepMatrix(held, boardShrinkage);
  const weights = startsOf(held, query).map((weight, i) => {
    const degree = sumOf(held[i]!);
    return weight === 0 ? 0 : weight * degree * (degree + pinShrinkage) ** (startWeight - 1);
  });
  let before = zeros(held.length);
  for (const [home, weight] of scaledToOne(weights).entries()) {
    if (weight === 0) continue;
    const at = longRun(step, home, restartProbability);
    before = before.map((value, pin) => value + weight * at[pin]!);
  }
  const perBoard = before.map((value, pin) => (value === 0 ? 0 : value / sumOf(held[pin]!)));
  const masses = massesOf(held, perBoard, 1, boardShrinkage);
  const { scores, reached } = sharpened(held, masses, 1, query.pins.length, params);
  return answerOf(held, query, scores, reached, popularityDiscount);
}

/** By pin, how often a walker from home is there before a step. */
function longRun(step: Matrix, home: number, restartProbability: number): number[] {
  let at = zeros(step.length);
  at[home] = 1;
  for (let round = 0; round < 3_000; round++) {
    const next = times(at, step).map((share) => share * (1 - restartProbability));
    next[home]! += 1 - sumOf(next);
    at = next;
  }
  return at;
}
