import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type ParamSpecs, Work, resolveParams, sharedParams } from '../base/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import { type IsExcluded, type TopPins, offerCandidates } from '../rank/index.ts';
import type { ExactOptions } from './exact-options.ts';
import { keepHeaviest } from './keep-heaviest.ts';
import type { ExactScratch } from './scratch.ts';
import { type PowerTable, type SparseVector, clip } from '../sparse/index.ts';
import { type Direction, spread } from './spread.ts';

/** Parameters of {@link paths}; {@link pathsParams} states their ranges, defaults and meanings. */
interface PathsParams {
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
  x: { kind: 'number', min: -2, max: 2, default: 1, about: 'exponent of the degree of the query pin' },
  y: { kind: 'number', min: -2, max: 2, default: 1, about: 'exponent of the degree of the board' },
  z: {
    kind: 'number',
    min: -2,
    max: 2,
    default: 0,
    about: 'popularity discount: exponent of the degree of the recommended pin',
  },
  ...sharedParams,
  boardsMax: {
    kind: 'integer',
    min: 1,
    max: 1e9,
    default: 100_000,
    about: 'at most this many boards are expanded per step, those of largest mass',
  },
};

/** Statistics of an exact query. */
export interface ExactStats {
  /** Distinct pins with a score before exclusion; query pins count only if `includeQueryPins`. */
  readonly candidates: number;
  /** Boards expanded to their pins, over all steps. */
  readonly boardsExpanded: number;
  /** Whether `boardsMax`, or a lack of {@link Work}, left boards unexpanded. */
  readonly isTruncated: boolean;
}

/**
 * Exact scores of the paths query → pin → board → pin. With d the degree, and for every pin j that shares a board with a
 * query pin,
 *
 *     m(b)  = Σ_i w_i · (d_i + pinShrinkage)^-x · (d_b + boardShrinkage)^-y     over query pins i on board b
 *     V1(j) = Σ_b m(b)                                                        over boards b that hold j
 *     score(j) = V1(j) / ΣV1 · d_j^-z
 *
 * For a query of a user's whole history with equal weights, without shrinkage and sharpening, this ranks as P3alpha if
 * x = y = alpha and z = 0 (Cooper et al., WWW 2014 companion, doi:10.1145/2567948.2579244), and as RP3beta if x = y = 1
 * and z = beta (Paudel et al., ACM TiiS 2016, doi:10.1145/2955101): the factor that they have in addition, a power of the
 * user's own degree, is constant.
 *
 * Sharpening subtracts the background: what a second random step from V1 reaches. With m2(b) and V2(j) computed like m(b)
 * and V1(j), but from V1 with x = 1,
 *
 *     r(b) = max(0, m(b) / Σm − boardSharpening · m2(b) / Σm2),   V3(j) = Σ_b r(b)
 *     score(j) = (V3(j) / ΣV3 − λ · V2(j) / ΣV2) · d_j^-z,   λ = sharpening · n / (n + sharpeningPins)
 *
 * for n query pins. The second step is the second term of the series of A·(I + λA)^-1. docs/quality.md has the measured
 * gains. With y = 1, `pixie` with restart probability 1, start weight 1 − x and popularity discount z samples these scores.
 *
 * Offers every such pin to `top`, except excluded ones, those whose boards are all clipped to 0 and, unless
 * `includeQueryPins`, the query's own. Deterministic. O(edges of the boards expanded); with sharpening also O(edges of the
 * candidates). Throws `invalid-parameter`.
 */
export function paths(
  graph: PinBoardGraph,
  queryGiven: Query,
  paramsGiven: Partial<PathsParams>,
  scratch: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
  { specificity, work = new Work(), reusesMasses = false }: ExactOptions = {},
): ExactStats {
  const query = normalizeQuery(graph, queryGiven);
  const params = resolveParams(pathsParams, paramsGiven);
  const { last, pins, background, pinPower } = scratch;
  const lambda = params.sharpening * (query.pins.length / (query.pins.length + params.sharpeningPins));
  const isSharpened = lambda > 0 || params.boardSharpening > 0;
  const name = reusesMasses ? massesName(params, isSharpened) : '';
  const isSame = reusesMasses && last?.graph === graph && last.query === queryGiven && last.name === name;
  const found = isSame ? last : spreadMasses(graph, query, params, isSharpened, scratch, work);
  const { sum, boardsExpanded, isTruncated } = found;
  scratch.last = reusesMasses ? { ...found, graph, query: queryGiven, name } : undefined;
  pinPower.begin(-params.z);
  const scoring = { discounts: pinPower, scale: 1 / sum, lambda, background, specificity, work };
  const candidates = offerCandidates(graph, query, 'pins', pins, scoring, top, isExcluded);
  return { candidates, boardsExpanded, isTruncated: isTruncated || work.isExhausted };
}

/** All that the masses depend on beside graph and query: z and λ only score them. */
function massesName(params: PathsParams, isSharpened: boolean): string {
  const { x, y, pinShrinkage, boardShrinkage, boardSharpening, boardsMax } = params;
  return JSON.stringify([x, y, pinShrinkage, boardShrinkage, boardSharpening, boardsMax, isSharpened]);
}

/** Leaves the masses of pins in `scratch.pins`, and those of boards after a second step in `scratch.background`. */
function spreadMasses(
  graph: PinBoardGraph,
  query: Query,
  params: PathsParams,
  isSharpened: boolean,
  scratch: ExactScratch,
  work: Work,
): { readonly sum: number; readonly boardsExpanded: number; readonly isTruncated: boolean } {
  const { boardsMax, boardSharpening } = params;
  const { boards, pins, steps, background, startPower, boardPower, one } = scratch;
  const toPins: Direction = { forth: graph.boardToPin, back: graph.pinToBoard };
  startPower.begin(-params.x, params.pinShrinkage);
  boardPower.begin(-params.y, params.boardShrinkage);

  steps.begin(nodeCount(graph.pinToBoard));
  for (const [i, pin] of query.pins.entries()) steps.add(pin, query.weights[i]!);
  let isTruncated = stepToBoards(graph, startPower, boardsMax, scratch, boards, work);
  let boardsExpanded = boards.size;
  pins.begin(nodeCount(graph.pinToBoard));
  spread(toPins, boards, one, pins, work, isSharpened ? 1 / 2 : 1);

  if (isSharpened) {
    steps.begin(nodeCount(graph.pinToBoard));
    for (let i = 0; i < pins.size; i++) steps.add(pins.nodes[i]!, pins.values[pins.nodes[i]!]!);
    isTruncated = stepToBoards(graph, scratch.stepPower, boardsMax, scratch, background, work) || isTruncated;
    boardsExpanded += background.size;
  }
  if (boardSharpening > 0) {
    clip(boards, background, background.sum(), boardSharpening);
    pins.begin(nodeCount(graph.pinToBoard));
    spread(toPins, boards, one, pins, work, 1 / 2);
  }
  return { sum: pins.sum(), boardsExpanded, isTruncated };
}

/** Steps from `scratch.steps` to boards, each value being the mass for each pin of the board. Returns whether truncated. */
function stepToBoards(
  graph: PinBoardGraph,
  power: PowerTable,
  boardsMax: number,
  { steps, boardPower }: ExactScratch,
  boards: SparseVector,
  work: Work,
): boolean {
  boards.begin(nodeCount(graph.boardToPin));
  // Half of the work, so that the pins of these boards are reached too.
  spread({ forth: graph.pinToBoard, back: graph.boardToPin }, steps, power, boards, work, 1 / 2);
  const isTruncated = keepHeaviest(boards, boardsMax, work);
  for (let i = 0; i < boards.size; i++) {
    const board = boards.nodes[i]!;
    boards.values[board]! *= boardPower.of(degreeOf(graph.boardToPin, board));
  }
  return isTruncated;
}
