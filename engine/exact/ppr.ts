import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type ParamSpecs, Work, resolveParams } from '../base/index.ts';
import { type Query, normalizeQuery } from '../query.ts';
import { type IsExcluded, type TopPins, offerCandidates } from '../rank/index.ts';
import type { ExactOptions } from './exact-options.ts';
import { keepHeaviest } from './keep-heaviest.ts';
import type { ExactStats } from './paths.ts';
import type { ExactScratch } from './scratch.ts';
import { type Direction, spread } from './spread.ts';
import type { SparseVector } from '../sparse/index.ts';

export interface PprParams {
  readonly restartProbability: number;
  readonly residualMax: number;
  readonly popularityDiscount: number;
  readonly boardsMax: number;
}

export const pprParams: ParamSpecs<PprParams> = {
  restartProbability: {
    kind: 'number',
    min: 0.01,
    max: 1,
    default: 0.5,
    about: 'probability of returning to the query after each step',
  },
  residualMax: {
    kind: 'number',
    min: 1e-12,
    max: 1,
    default: 1e-6,
    about: 'the residual of a pin is pushed while it exceeds residualMax · degree',
  },
  popularityDiscount: {
    kind: 'number',
    min: -2,
    max: 2,
    default: 0,
    about: 'exponent z of the popularity discount: scores are multiplied by degree^-z',
  },
  boardsMax: {
    kind: 'integer',
    min: 1,
    max: 1e7,
    default: 1_000_000,
    about: 'at most this many boards are expanded; in the last sweep, those of largest mass',
  },
};

interface PprStats extends ExactStats {
  /** Mass not pushed: Σ |exact − score| over all pins, before the popularity discount. */
  readonly residual: number;
}

/**
 * Personalised PageRank over pins by forward push (Andersen, Chung and Lang, FOCS 2006, doi:10.1109/FOCS.2006.44). With s
 * the normalised query weights, P a random step pin → board → pin, and α the restart probability,
 *
 *     score = Σ_t α (1 − α)^(t−1) · P^t · s,   t = 1, 2, …
 *
 * This is the personalised PageRank of s after one more step: the long-run visit shares of the walk with restart, which
 * `pixie` samples, where the start itself is no visit.
 *
 * Residuals are pushed in sweeps, all pins above their bound at once, so that the boards they share are expanded once per
 * sweep. Stops when every residual is at most `residualMax · degree`, or its work ends. A unit of residual would become a unit of score, so
 * no score is too high, and together they lack exactly `stats.residual`.
 *
 * Offers every pin with a score to `top`, except excluded ones and, unless `includeQueryPins`, the query's own.
 * Deterministic. O(edges of the boards expanded); the pins pushed after the first sweep have fewer than
 * 1 / (α · residualMax) boards in all. Throws `invalid-parameter`.
 */
export function ppr(
  graph: PinBoardGraph,
  queryGiven: Query,
  paramsGiven: Partial<PprParams>,
  scratch: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
  { specificity, work = new Work() }: ExactOptions = {},
): PprStats {
  const query = normalizeQuery(graph, queryGiven);
  const params = resolveParams(pprParams, paramsGiven);
  const { restartProbability: alpha, residualMax, popularityDiscount } = params;
  const { boards, pins: scores, steps: pushed, arrived, residuals, stepPower, pinPower } = scratch;
  const pinCount = nodeCount(graph.pinToBoard);
  const toBoards: Direction = { forth: graph.pinToBoard, back: graph.boardToPin };
  const toPins: Direction = { forth: graph.boardToPin, back: graph.pinToBoard };

  scratch.last = undefined;
  scores.begin(pinCount);
  residuals.begin(pinCount);
  addStarts(graph, query, pushed);
  let boardsExpanded = 0;
  let isTruncated = false;
  while (pushed.size > 0 && !isTruncated && !work.isExhausted) {
    boards.begin(nodeCount(graph.boardToPin));
    // Half of the work, so that the pins of these boards are reached too.
    spread(toBoards, pushed, stepPower, boards, work, 1 / 2);
    isTruncated = keepHeaviest(boards, params.boardsMax - boardsExpanded, work);
    boardsExpanded += boards.size;
    arrived.begin(pinCount);
    spread(toPins, boards, stepPower, arrived, work);
    pushed.begin(pinCount);
    for (let i = 0; i < arrived.size; i++) {
      const pin = arrived.nodes[i]!;
      const mass = arrived.values[pin]!;
      scores.add(pin, alpha * mass);
      if (alpha === 1) continue;
      residuals.add(pin, (1 - alpha) * mass);
      if (residuals.values[pin]! <= residualMax * degreeOf(graph.pinToBoard, pin)) continue;
      pushed.add(pin, residuals.values[pin]!);
      // Practically 0. With exactly 0, the vector would list the pin a second time when mass returns to it.
      residuals.values[pin] = 1e-300;
    }
  }
  const residual = boardsExpanded === 0 ? 0 : Math.max(0, 1 - scores.sum());
  pinPower.begin(-popularityDiscount);
  const scoring = { discounts: pinPower, specificity, work };
  const candidates = offerCandidates(graph, query, 'pins', scores, scoring, top, isExcluded);
  return { candidates, boardsExpanded, isTruncated: isTruncated || work.isExhausted, residual };
}

/** Adds the weights of the query pins that have boards, normalised to sum 1. */
function addStarts(graph: PinBoardGraph, { pins, weights }: Query, starts: SparseVector): void {
  starts.begin(nodeCount(graph.pinToBoard));
  const usable = [...pins.keys()].filter((i) => degreeOf(graph.pinToBoard, pins[i]!) > 0);
  const weightSum = usable.reduce((sum, i) => sum + weights[i]!, 0);
  for (const i of usable) starts.add(pins[i]!, weights[i]! / weightSum);
}
