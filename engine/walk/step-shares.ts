import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';

/**
 * Steps for each query pin, proportional to `weights` and adding up to exactly `steps`: rounded down, the rest
 * dealt by largest remainder, ties to the smaller pin index. All 0 when no weight is positive. O(q log q).
 */
export function shareSteps({ pins, weights }: Query, steps: number): number[] {
  // Summed in the order of the pins, so that the order of the query cannot change the last bit.
  const byPin = [...pins.keys()].toSorted((i, j) => pins[i]! - pins[j]!);
  const weightSum = byPin.reduce((sum, i) => sum + weights[i]!, 0);
  if (weightSum === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (weight / weightSum) * steps);
  const shares = exact.map(Math.floor);
  let left = steps - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = [...exact.keys()].toSorted(
    (i, j) => exact[j]! - shares[j]! - (exact[i]! - shares[i]!) || pins[i]! - pins[j]!,
  );
  for (const i of byRemainder) {
    if (left <= 0) break;
    shares[i]!++;
    left--;
  }
  return shares;
}

/**
 * What a query's weights become before the steps are shared: each times `degree ** startWeight`, the degree
 * being the number of the pin's boards; with shrinkage `degree · (degree + pinShrinkage) ** (startWeight − 1)`. A
 * pin without boards cannot be walked from and weighs 0.
 */
export function weighByPower(
  graph: PinBoardGraph,
  query: Query,
  startWeight: number,
  pinShrinkage = 0,
): Query {
  return reweigh(graph, query, (degree) => degree * (degree + pinShrinkage) ** (startWeight - 1));
}

/**
 * The paper's scaling factor instead: `s_q = |E(q)| · (C − log |E(q)|)` (Eksombatchai et al., WWW 2018, Eq. 1). C
 * is the largest log degree of the graph, not of the query, where the largest pin would get no step at all, and
 * not the largest degree, which the paper prints and which would make s_q all but linear.
 */
export function weighByPaper(graph: PinBoardGraph, query: Query, degreeMax: number): Query {
  const largest = Math.log(degreeMax);
  // The graph's largest pin alone would weigh 0: it gets what a pin of one board less gets at least.
  const floor = Math.log1p(1 / degreeMax);
  return reweigh(graph, query, (degree) => degree * Math.max(largest - Math.log(degree), floor));
}

/** The largest number of boards of any pin. O(pins). */
export function pinDegreeMax({ pinToBoard: { slices } }: PinBoardGraph): number {
  let max = 0;
  for (let i = 1; i < slices.length; i += 2) max = Math.max(max, slices[i]!);
  return max;
}

function reweigh(graph: PinBoardGraph, { pins, weights }: Query, factor: (degree: number) => number): Query {
  const degrees = pins.map((pin) => degreeOf(graph.pinToBoard, pin));
  return { pins, weights: weights.map((weight, i) => (degrees[i] === 0 ? 0 : weight * factor(degrees[i]!))) };
}
