import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type ParamSpecs, resolveParams } from '../base/index.ts';
import { type Query, checkedQuery } from '../query.ts';
import type { IsExcluded, TopPins } from '../rank/index.ts';
import { keepHeaviest } from './keep-heaviest.ts';
import type { ExactStats } from './paths.ts';
import type { ExactScratch } from './scratch.ts';
import { offerScored } from './offer-scored.ts';
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
    about: 'chance, after each step, of going back to the query',
  },
  residualMax: {
    kind: 'number',
    min: 1e-12,
    max: 1,
    default: 1e-6,
    about: "a pin's residual is pushed on while it is over residualMax · degree",
  },
  popularityDiscount: {
    kind: 'number',
    min: -2,
    max: 2,
    default: 0,
    about: 'exponent z of the discount degree^-z of what is recommended',
  },
  boardsMax: {
    kind: 'integer',
    min: 1,
    max: 1e7,
    default: 1_000_000,
    about: 'boards expanded in a query; in a sweep, the heaviest first',
  },
};

export interface PprStats extends ExactStats {
  /** Mass not pushed on: the sum of |exact − score| over all pins, before discounts. */
  readonly residual: number;
}

/**
 * Personalised PageRank over pins, by forward push (Andersen, Chung and Lang, FOCS 2006,
 * doi:10.1109/FOCS.2006.44): the shares of its visits that a walk with restart counts in the long run, which
 * `pixie` samples. With P one random step and s the query's weights,
 *
 *     score = Σ_t α (1 − α)^(t−1) · P^t · s,   t = 1, 2, …
 *
 * Residuals are pushed in sweeps, all pins over their bound at once, so that boards they share are expanded
 * once. Ends when every residual is at most `residualMax · degree`. Every unit of residual would become one unit
 * of score, so `stats.residual` is exactly the sum of what all scores lack; no score is too high.
 *
 * Offers every pin with a score to `top` that is not the query's own and not excluded. Deterministic.
 * O(edges of the boards expanded); at most 1 / (α · residualMax) of them are crossed. Throws
 * `invalid-parameter`.
 */
export function ppr(
  graph: PinBoardGraph,
  asked: Query,
  given: Partial<PprParams>,
  scratch: ExactScratch,
  top: TopPins,
  isExcluded?: IsExcluded,
): PprStats {
  const query = checkedQuery(graph, asked);
  const params = resolveParams(pprParams, given);
  const { restartProbability: alpha, residualMax, popularityDiscount } = params;
  const { boards, pins: scores, steps: pushed, arrived, residuals, stepPower } = scratch;
  const pinCount = nodeCount(graph.pinToBoard);
  const toBoards: Direction = { forth: graph.pinToBoard, back: graph.boardToPin };
  const toPins: Direction = { forth: graph.boardToPin, back: graph.pinToBoard };

  scores.begin(pinCount);
  residuals.begin(pinCount);
  addStarts(graph, query, pushed);
  let boardsExpanded = 0;
  let isTruncated = false;
  while (pushed.size > 0 && !isTruncated) {
    boards.begin(nodeCount(graph.boardToPin));
    spread(toBoards, pushed, stepPower, boards);
    isTruncated = keepHeaviest(boards, params.boardsMax - boardsExpanded);
    boardsExpanded += boards.size;
    arrived.begin(pinCount);
    spread(toPins, boards, stepPower, arrived);
    pushed.begin(pinCount);
    for (let i = 0; i < arrived.size; i++) {
      const pin = arrived.nodes[i]!;
      const mass = arrived.values[pin]!;
      scores.add(pin, alpha * mass);
      if (alpha === 1) continue;
      residuals.add(pin, (1 - alpha) * mass);
      if (residuals.values[pin]! <= residualMax * degreeOf(graph.pinToBoard, pin)) continue;
      pushed.add(pin, residuals.values[pin]!);
      // As good as 0, at which the vector would list the pin again when mass comes back to it.
      residuals.values[pin] = 1e-300;
    }
  }
  const residual = boardsExpanded === 0 ? 0 : Math.max(0, 1 - scores.sum());
  const candidates = offerScored(graph, query, popularityDiscount, scratch, top, isExcluded);
  return { candidates, boardsExpanded, isTruncated, residual };
}

/** The query's weights, adding up to 1, of the pins that can be walked from. */
function addStarts(graph: PinBoardGraph, { pins, weights }: Query, starts: SparseVector): void {
  starts.begin(nodeCount(graph.pinToBoard));
  const usable = [...pins.keys()].filter((i) => degreeOf(graph.pinToBoard, pins[i]!) > 0);
  const weightSum = usable.reduce((sum, i) => sum + weights[i]!, 0);
  for (const i of usable) starts.add(pins[i]!, weights[i]! / weightSum);
}
