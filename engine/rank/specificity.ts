import { type PinBoardGraph, type PinIndex, degreeOf } from '../graph/index.ts';

/** How strongly candidates are judged by their lift; see {@link specificityOf}. */
export interface Specificity {
  /** Of the factor `lift / (lift + 2)`; 0 ranks by score alone. */
  readonly exponent: number;
  /** Saves of the whole graph. */
  readonly saves: number;
}

/** Lift at which a candidate's score is halved, once, per unit of the exponent. */
const liftHalved = 2;
/** Added to the degree of a candidate: the lift of rarely saved pins rests on too few saves to be taken as it is. */
const phantomBoards = 100;
/** Boards of the query pins at which the exponent has half its strength: a lift over fewer says little. */
const evidenceBoards = 300;
/** Exponent at specificity 1, with unlimited evidence. */
const exponentMax = 17;

/**
 * The factor that turns a pin's share of the visits into its score, by how much more often than by chance it is visited:
 *
 *     lift(j)     = share(j) · saves / (d_j + 100)
 *     score(j)    = share(j) · (lift(j) / (lift(j) + 2))^exponent
 *     exponent    = 17 · specificity² · n / (n + 300)
 *
 * d_j is the degree of j, n the number of boards of the query pins. A walk visits a pin in proportion to its degree if it
 * is unrelated to the query, which is lift 1: hubs near everything lose, hubs that belong to the query stay, and pins
 * saved by few cannot win by a high lift alone, as the factor never exceeds 1. docs/quality.md lists the formulas that were tried.
 */
export function specificityOf(
  graph: PinBoardGraph,
  queryPins: readonly PinIndex[],
  specificity: number,
  saves: number,
): Specificity | undefined {
  if (specificity === 0) return undefined;
  const boards = queryPins.reduce((sum, pin) => sum + degreeOf(graph.pinToBoard, pin), 0);
  const evidence = boards / (boards + evidenceBoards);
  return { exponent: exponentMax * specificity ** 2 * evidence, saves };
}

/** The factor of one candidate, in [0, 1]. */
export function specificityFactor(specificity: Specificity, share: number, degree: number): number {
  return baseOf(specificity, share, degree) ** specificity.exponent;
}

/** At least {@link specificityFactor}, with a whole exponent: a fifth of the time of a power. */
export function specificityBound(specificity: Specificity, share: number, degree: number): number {
  const base = baseOf(specificity, share, degree);
  // Above 1, as powers and products are rounded.
  let bound = 1 + 1e-9;
  for (let i = Math.floor(specificity.exponent); i > 0; i--) bound *= base;
  return bound;
}

function baseOf({ saves }: Specificity, share: number, degree: number): number {
  const lift = (share * saves) / (degree + phantomBoards);
  return lift / (lift + liftHalved);
}
