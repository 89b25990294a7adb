import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type ParamSpecs, resolveParams } from '../params.ts';
import { type Query, assertQuery } from '../query.ts';
import type { IsExcluded, TopPins } from '../rank/index.ts';
import { keepHeaviest } from './keep-heaviest.ts';
import type { ExactScratch } from './scratch.ts';
import { sumOf } from '../vectors/index.ts';
import { type Direction, spread } from './spread.ts';

export interface PathsParams {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly boardShrinkage: number;
  readonly sharpening: number;
  readonly boardsMax: number;
}

export const pathsParams: ParamSpecs<PathsParams> = {
  x: { kind: 'number', min: -2, max: 2, default: 1, about: 'discount by the degree of the query pin' },
  y: { kind: 'number', min: -2, max: 2, default: 1, about: 'discount by the degree of the board' },
  z: { kind: 'number', min: -2, max: 2, default: 0, about: 'discount by the degree of the recommended pin' },
  boardShrinkage: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 0,
    about: 'added to the degree of every board: makes little of boards with few pins',
  },
  sharpening: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    about: 'share of the second step that is subtracted from the first',
  },
  boardsMax: {
    kind: 'integer',
    min: 1,
    max: 1e9,
    default: 100_000,
    about: 'boards expanded in a step, the heaviest first',
  },
};

/** How an exact answer came about. */
export interface ExactStats {
  /** Distinct pins that the query reaches, its own aside. */
  readonly candidates: number;
  /** Boards whose pins were looked at, over all steps. */
  readonly boardsExpanded: number;
  /** Whether a limit kept further boards from being looked at. */
  readonly isTruncated: boolean;
}

/**
 * Exact three-step path scores: for every pin j that shares a board with a query pin,
 *
 *     V1(j) = Σ_i w_i · d_i^-x · Σ_b (d_b + c)^-y    over query pins i and boards b that hold i and j
 *     score(j) = (V1(j) / ΣV1 − sharpening · V2(j) / ΣV2) · d_j^-z
 *
 * where d are degrees, c is the board shrinkage, and V2 is where one more random step leads from V1. x = y = 1, z = 0 is P3alpha with
 * alpha 1 (Cooper et al., WWW 2014 companion, doi:10.1145/2567948.2579244), z > 0 is RP3beta (Paudel et al., ACM
 * TiiS 2016, doi:10.1145/2955101). Subtracting the second step takes away what everybody near also saves: the
 * first two terms of the series of A·(I + λA)^-1. With y = 1 these are the scores that `pixie` samples with
 * restart probability 1, start weight 1 − x and popularity discount z.
 *
 * Offers every such pin to `top` that is not the query's own and not excluded. Deterministic. O(edges of the
 * boards expanded); with sharpening also O(edges of the boards that hold a candidate). Throws
 * `invalid-parameter`.
 */
export function paths(
  graph: PinBoardGraph,
  query: Query,
  params: Partial<PathsParams>,
  scratch: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
): ExactStats {
  assertQuery(graph, query);
  const { x, y, z, boardShrinkage, sharpening, boardsMax } = resolveParams(pathsParams, params);
  const { boards, pins, steps, startPower, boardPower, pinPower, stepPower } = scratch;
  const pinCount = nodeCount(graph.pinToBoard);
  const toBoards: Direction = { forth: graph.pinToBoard, back: graph.boardToPin };
  const toPins: Direction = { forth: graph.boardToPin, back: graph.pinToBoard };
  startPower.begin(-x);
  boardPower.begin(-y, boardShrinkage);
  pinPower.begin(-z);

  steps.begin(pinCount);
  for (const [i, pin] of query.pins.entries()) steps.add(pin, query.weights[i]!);
  boards.begin(nodeCount(graph.boardToPin));
  spread(toBoards, steps, startPower, boards);
  let isTruncated = keepHeaviest(boards, boardsMax);
  let boardsExpanded = boards.size;
  pins.begin(pinCount);
  spread(toPins, boards, boardPower, pins);

  const firstScale = 1 / pins.sum();
  let secondScale = 0;
  if (sharpening > 0) {
    steps.begin(pinCount);
    for (let i = 0; i < pins.size; i++) steps.add(pins.nodes[i]!, pins.values[pins.nodes[i]!]!);
    boards.begin(nodeCount(graph.boardToPin));
    spread(toBoards, steps, stepPower, boards);
    isTruncated = keepHeaviest(boards, boardsMax) || isTruncated;
    boardsExpanded += boards.size;
    // Each board's share of the mass that the second step brings to one pin of it.
    let mass = 0;
    for (let i = 0; i < boards.size; i++) {
      const degree = degreeOf(graph.boardToPin, boards.nodes[i]!);
      boards.values[boards.nodes[i]!]! *= boardPower.of(degree);
      mass += boards.values[boards.nodes[i]!]! * degree;
    }
    secondScale = sharpening / mass;
  }

  for (const pin of query.pins) pins.values[pin] = 0;
  const offer = (pin: number): void => {
    const firstShare = pins.values[pin]! * firstScale;
    const start = graph.pinToBoard.slices[2 * pin]!;
    const degree = degreeOf(graph.pinToBoard, pin);
    const discount = pinPower.of(degree);
    // The first step alone bounds the score: a pin that it does not bring in needs no second one.
    if (!top.wouldKeep(pin, firstShare * discount)) return;
    let score = firstShare * discount;
    if (secondScale > 0) {
      const secondShare =
        sumOf(boards.values, graph.pinToBoard.neighbors, start, start + degree) * secondScale;
      score = (firstShare - secondShare) * discount;
      if (!top.wouldKeep(pin, score)) return;
    }
    if (isExcluded?.(pin) !== true) top.offer(pin, score);
  };
  let candidates = 0;
  for (let i = 0; i < pins.size; i++) {
    const pin = pins.nodes[i]!;
    if (pins.values[pin] === 0) continue;
    candidates++;
    offer(pin);
  }
  return { candidates, boardsExpanded, isTruncated };
}
