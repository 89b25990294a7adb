import { type PinBoardGraph, type Query, neighborsOf, nodeCount } from '../../engine/index.ts';

/**
 * The formulas of the algorithms over dense matrices: slow, simple, and sharing no code with the engine. All vectors are
 * indexed by pin, the `weights` of a query by query pin.
 */

/** `incidence[pin][board]` is 1 if the board holds the pin. */
type Matrix = readonly (readonly number[])[];

const sumOf = (vector: readonly number[]): number => vector.reduce((sum, value) => sum + value, 0);
const zeros = (length: number): number[] => Array<number>(length).fill(0);
const scaledToOne = (vector: readonly number[]): number[] => {
  const sum = sumOf(vector);
  return vector.map((value) => (sum === 0 ? 0 : value / sum));
};

function incidenceOf(graph: PinBoardGraph): Matrix {
  return Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => {
    const row = zeros(nodeCount(graph.boardToPin));
    for (const board of neighborsOf(graph.pinToBoard, pin)) row[board] = 1;
    return row;
  });
}

/** Σ over boards b that hold both i and j of (d_b + shrinkage)^-exponent, for all i and j. */
function commonBoards(incidence: Matrix, exponent: number, shrinkage: number): number[][] {
  const boards = incidence[0]!.map((_, board) => sumOf(incidence.map((row) => row[board]!)));
  const weights = boards.map((degree) => (degree === 0 ? 0 : (degree + shrinkage) ** -exponent));
  return incidence.map((row) =>
    incidence.map((other) => sumOf(weights.map((weight, b) => row[b]! * other[b]! * weight))),
  );
}

/** The row vector `from` times a matrix. */
function times(from: readonly number[], matrix: Matrix): number[] {
  return from.map((_, j) => sumOf(from.map((value, i) => value * matrix[i]![j]!)));
}

/** The transition matrix of one step, pin → board → pin. Rows lack the probability of being lost. */
function stepMatrix(incidence: Matrix, boardShrinkage: number): number[][] {
  return commonBoards(incidence, 1, boardShrinkage).map((row, i) => {
    const degree = sumOf(incidence[i]!);
    return row.map((value) => (degree === 0 ? 0 : value / degree));
  });
}

/** The weights of a query by pin; 0 for pins without boards. */
function startsOf(incidence: Matrix, { pins, weights }: Query): number[] {
  const starts = zeros(incidence.length);
  for (const [i, pin] of pins.entries()) if (sumOf(incidence[pin]!) > 0) starts[pin] = weights[i]!;
  return starts;
}

/** The scores of the pins reached, except query pins, times degree^-exponent. */
function candidatesOf(
  incidence: Matrix,
  query: Query,
  scores: readonly number[],
  reached: readonly number[],
  exponent: number,
): Map<number, number> {
  const candidates = new Map<number, number>();
  for (const [pin, value] of reached.entries()) {
    if (value === 0 || query.pins.includes(pin)) continue;
    candidates.set(pin, scores[pin]! * sumOf(incidence[pin]!) ** -exponent);
  }
  return candidates;
}

/** Parameters that `paths` and `pixie` share; the default is 0. */
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
  incidence: Matrix,
  from: readonly number[],
  exponent: number,
  shrinkage: number,
): readonly number[] {
  return incidence[0]!.map((_, board) => {
    const degree = sumOf(incidence.map((row) => row[board]!));
    return degree === 0
      ? 0
      : sumOf(from.map((value, i) => value * incidence[i]![board]!)) * (degree + shrinkage) ** -exponent;
  });
}

/**
 * The scores of board masses m before the popularity discount: V3(j) / ΣV3 − λ · V2(j) / ΣV2 with
 * r(b) = max(0, m(b) / Σm − boardSharpening · m2(b) / Σm2), V3(j) = Σ_b r(b), and m2 and V2 those of a random step from
 * V1(j) = Σ_b m(b). `reached` is V3.
 */
function sharpened(
  incidence: Matrix,
  masses: readonly number[],
  y: number,
  queryPins: number,
  { boardShrinkage = 0, sharpening = 0, sharpeningPins = 0, boardSharpening = 0 }: DenseShared,
): { readonly scores: number[]; readonly reached: number[] } {
  const overPins = (boardMasses: readonly number[]): number[] =>
    incidence.map((row) => sumOf(boardMasses.map((mass, board) => row[board]! * mass)));
  const perBoard = overPins(masses).map((value, j) => (value === 0 ? 0 : value / sumOf(incidence[j]!)));
  const secondMasses = massesOf(incidence, perBoard, y, boardShrinkage);
  const secondMassShares = scaledToOne(secondMasses);
  const clipped = scaledToOne(masses).map((share, board) =>
    Math.max(0, share - boardSharpening * secondMassShares[board]!),
  );
  const reached = overPins(clipped);
  const secondShares = scaledToOne(overPins(secondMasses));
  const lambda = (sharpening * queryPins) / (queryPins + sharpeningPins);
  return { scores: scaledToOne(reached).map((share, j) => share - lambda * secondShares[j]!), reached };
}

/** m(b) = Σ_i w_i · (d_i + pinShrinkage)^-x · (d_b + boardShrinkage)^-y, sharpened, times d_j^-z. */
export function densePaths(graph: PinBoardGraph, query: Query, params: DensePaths): Map<number, number> {
  const { x, y, z, pinShrinkage = 0, boardShrinkage = 0 } = params;
  const incidence = incidenceOf(graph);
  const starts = startsOf(incidence, query).map((weight, i) =>
    weight === 0 ? 0 : weight * (sumOf(incidence[i]!) + pinShrinkage) ** -x,
  );
  const masses = massesOf(incidence, starts, y, boardShrinkage);
  const { scores, reached } = sharpened(incidence, masses, y, query.pins.length, params);
  return candidatesOf(incidence, query, scores, reached, z);
}

/** Σ_t α (1 − α)^(t−1) · P^t · s, t = 1, 2, …, for all pins, including the query's own. */
export function densePprOfAll(graph: PinBoardGraph, query: Query, restartProbability: number): number[] {
  const incidence = incidenceOf(graph);
  const step = stepMatrix(incidence, 0);
  let at = scaledToOne(startsOf(incidence, query));
  let total = zeros(incidence.length);
  for (let rest = 1; rest > 1e-18; rest *= 1 - restartProbability) {
    at = times(at, step);
    const now = at;
    total = total.map((value, pin) => value + restartProbability * rest * now[pin]!);
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
  return candidatesOf(incidenceOf(graph), query, scores, scores, popularityDiscount);
}

/**
 * Σ_i w_i · c_ij / (√(d_i · d_j) + shrinkage) over the pins j most similar to each query pin i, ties to the smaller pin; w
 * are the weights divided by the largest.
 */
export function denseItemKnn(
  graph: PinBoardGraph,
  query: Query,
  neighborsMax: number,
  shrinkage: number,
): Map<number, number> {
  const incidence = incidenceOf(graph);
  const common = commonBoards(incidence, 0, 0);
  const degrees = incidence.map(sumOf);
  const scores = zeros(incidence.length);
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
  return candidatesOf(incidence, query, scores, scores, 0);
}

export interface DensePixie extends DenseShared {
  readonly restartProbability: number;
  readonly startWeight: number;
  readonly popularityDiscount: number;
}

/**
 * The limit of `pixie` for infinitely many steps. The long-run distribution of a walker before a step is
 *
 *     at = (1 − α) · next + (α · Σ next + lost) · home,   next = at · P,   lost = 1 − Σ next
 *
 * iterated to its fixed point. Query pins are mixed by weight · degree · (degree + pinShrinkage)^(startWeight − 1); the mass
 * of a board is what half a step from there gives to each of its pins.
 */
export function densePixie(graph: PinBoardGraph, query: Query, params: DensePixie): Map<number, number> {
  const {
    restartProbability,
    startWeight,
    popularityDiscount,
    pinShrinkage = 0,
    boardShrinkage = 0,
  } = params;
  const incidence = incidenceOf(graph);
  const step = stepMatrix(incidence, boardShrinkage);
  const weights = startsOf(incidence, query).map((weight, i) => {
    const degree = sumOf(incidence[i]!);
    return weight === 0 ? 0 : weight * degree * (degree + pinShrinkage) ** (startWeight - 1);
  });
  let before = zeros(incidence.length);
  for (const [home, weight] of scaledToOne(weights).entries()) {
    if (weight === 0) continue;
    const at = longRun(step, home, restartProbability);
    before = before.map((value, pin) => value + weight * at[pin]!);
  }
  const perBoard = before.map((value, pin) => (value === 0 ? 0 : value / sumOf(incidence[pin]!)));
  const masses = massesOf(incidence, perBoard, 1, boardShrinkage);
  const { scores, reached } = sharpened(incidence, masses, 1, query.pins.length, params);
  return candidatesOf(incidence, query, scores, reached, popularityDiscount);
}

/** Long-run distribution of a walker from home before a step. */
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
