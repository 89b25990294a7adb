import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type ParamSpecs, resolveParams, sharedParams } from '../base/index.ts';
import { type Query, checkedQuery } from '../query.ts';
import type { IsExcluded, TopPins } from '../rank/index.ts';
import { keepHeaviest } from './keep-heaviest.ts';
import type { ExactScratch } from './scratch.ts';
import { type PowerTable, type SparseVector, clip, sumOf } from '../sparse/index.ts';
import { type Direction, spread } from './spread.ts';

/** Parameters of {@link paths}; {@link pathsParams} has their ranges, defaults and meanings. */
export interface PathsParams {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly pinShrinkage: number;
  readonly boardShrinkage: number;
  readonly sharpening: number;
  readonly sharpeningPins: number;
  readonly boardSharpening: number;
  readonly boardsMax: number;
}

export const pathsParams: ParamSpecs<PathsParams> = {
  x: { kind: 'number', min: -2, max: 2, default: 1, about: 'discount by the degree of the query pin' },
  y: { kind: 'number', min: -2, max: 2, default: 1, about: 'discount by the degree of the board' },
  z: { kind: 'number', min: -2, max: 2, default: 0, about: 'discount by the degree of the recommended pin' },
  ...sharedParams,
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
 * Exact three-step path scores. For every pin j that shares a board with a query pin, d being degrees,
 *
 *     m(b)  = Σ_i w_i · (d_i + pinShrinkage)^-x · (d_b + boardShrinkage)^-y      over query pins i on board b
 *     V1(j) = Σ_b m(b)                                                         over boards b that hold j
 *     score(j) = V1(j) / ΣV1 · d_j^-z
 *
 * x = y = 1, z = 0 is P3alpha with alpha 1 (Cooper et al., WWW 2014 companion, doi:10.1145/2567948.2579244); z > 0
 * is RP3beta (Paudel et al., ACM TiiS 2016, doi:10.1145/2955101).
 *
 * Sharpening takes away what everybody near also saves: where one more random step leads. With m2(b) and V2(j)
 * those of a walk that starts anew from V1 with x = 1,
 *
 *     r(b) = max(0, m(b) / Σm − boardSharpening · m2(b) / Σm2),   V3(j) = Σ_b r(b)
 *     score(j) = (V3(j) / ΣV3 − λ · V2(j) / ΣV2) · d_j^-z,   λ = sharpening · n / (n + sharpeningPins)
 *
 * for a query of n pins. The second step is the second term of the series of A·(I + λA)^-1; measured gains are in
 * docs/quality.md. With y = 1 these are the scores that `pixie` samples with restart probability 1, start weight
 * 1 − x, popularity discount z.
 *
 * Offers every such pin to `top` that is not the query's own and not excluded; with board sharpening, those whose
 * boards are not all clipped to 0. Deterministic. O(edges of the
 * boards expanded); with sharpening also O(edges of the boards that hold a candidate). Throws
 * `invalid-parameter`.
 */
export function paths(
  graph: PinBoardGraph,
  asked: Query,
  given: Partial<PathsParams>,
  scratch: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
): ExactStats {
  const query = checkedQuery(graph, asked);
  const params = resolveParams(pathsParams, given);
  const { boardsMax, boardSharpening } = params;
  const { boards, pins, steps, background, startPower, boardPower, one } = scratch;
  const toPins: Direction = { forth: graph.boardToPin, back: graph.pinToBoard };
  startPower.begin(-params.x, params.pinShrinkage);
  boardPower.begin(-params.y, params.boardShrinkage);

  steps.begin(nodeCount(graph.pinToBoard));
  for (const [i, pin] of query.pins.entries()) steps.add(pin, query.weights[i]!);
  let isTruncated = stepToBoards(graph, startPower, boardsMax, scratch, boards);
  let boardsExpanded = boards.size;
  pins.begin(nodeCount(graph.pinToBoard));
  spread(toPins, boards, one, pins);

  const sharpening = params.sharpening * (query.pins.length / (query.pins.length + params.sharpeningPins));
  if (sharpening > 0 || boardSharpening > 0) {
    steps.begin(nodeCount(graph.pinToBoard));
    for (let i = 0; i < pins.size; i++) steps.add(pins.nodes[i]!, pins.values[pins.nodes[i]!]!);
    isTruncated = stepToBoards(graph, scratch.stepPower, boardsMax, scratch, background) || isTruncated;
    boardsExpanded += background.size;
  }
  if (boardSharpening > 0) {
    clip(boards, background, background.sum(), boardSharpening);
    pins.begin(nodeCount(graph.pinToBoard));
    spread(toPins, boards, one, pins);
  }
  const candidates = offerPaths(graph, query, sharpening, params.z, scratch, top, isExcluded);
  return { candidates, boardsExpanded, isTruncated };
}

/** From `scratch.steps` to boards: what each then brings to every pin of it. Returns whether boards were cut. */
function stepToBoards(
  graph: PinBoardGraph,
  power: PowerTable,
  boardsMax: number,
  { steps, boardPower }: ExactScratch,
  boards: SparseVector,
): boolean {
  boards.begin(nodeCount(graph.boardToPin));
  spread({ forth: graph.pinToBoard, back: graph.boardToPin }, steps, power, boards);
  const isTruncated = keepHeaviest(boards, boardsMax);
  for (let i = 0; i < boards.size; i++) {
    const board = boards.nodes[i]!;
    boards.values[board]! *= boardPower.of(degreeOf(graph.boardToPin, board));
  }
  return isTruncated;
}

/** Offers the pins of `scratch.pins`. Returns how many there are, excluded ones included. */
function offerPaths(
  graph: PinBoardGraph,
  query: Query,
  sharpening: number,
  z: number,
  { pins, background, pinPower }: ExactScratch,
  top: TopPins,
  isExcluded: IsExcluded | undefined,
): number {
  const { slices, neighbors } = graph.pinToBoard;
  pinPower.begin(-z);
  const firstScale = 1 / pins.sum();
  let secondMass = 0;
  if (sharpening > 0) {
    for (let i = 0; i < background.size; i++) {
      const board = background.nodes[i]!;
      secondMass += background.values[board]! * degreeOf(graph.boardToPin, board);
    }
  }
  if (query.areOffered !== true) for (const pin of query.pins) pins.values[pin] = 0;
  let candidates = 0;
  for (let i = 0; i < pins.size; i++) {
    const pin = pins.nodes[i]!;
    const firstShare = pins.values[pin]! * firstScale;
    if (firstShare === 0) continue;
    candidates++;
    const degree = slices[2 * pin + 1]!;
    const discount = pinPower.of(degree);
    // The first step alone bounds the score: a pin that it does not bring in needs no second one.
    let score = firstShare * discount;
    if (!top.wouldKeep(pin, score)) continue;
    if (secondMass > 0) {
      const start = slices[2 * pin]!;
      const second = sumOf(background.values, neighbors, start, start + degree) / secondMass;
      score = (firstShare - sharpening * second) * discount;
      if (!top.wouldKeep(pin, score)) continue;
    }
    if (isExcluded?.(pin) !== true) top.offer(pin, score);
  }
  return candidates;
}
