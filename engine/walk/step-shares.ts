import { type PinBoardGraph, degreeOf } from '../graph/index.ts';
import type { Query } from '../query.ts';

/**
 * Divides `steps` among q query pins in proportion to their weights, by the largest-remainder method; ties go to the
 * smaller pin index. The result adds up to `steps`, or is all 0 if no weight is positive. O(q log q).
 */
export function shareSteps({ pins, weights }: Query, steps: number): number[] {
  // Summed in the order of pin indices: the order of the query must not change the last bit.
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
 * The query with each weight multiplied by `degree · (degree + pinShrinkage) ** (startWeight − 1)`, which is
 * `degree ** startWeight` without shrinkage. A pin without boards, from which no walk can start, gets weight 0.
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
 * The query with each weight multiplied by the paper's factor `s_q = |E(q)| · (C − log |E(q)|)` (Eksombatchai et al.,
 * WWW 2018, Eq. 1). C is the largest log degree of the graph. The paper prints the largest degree, which would make s_q
 * almost linear; the largest log degree of the query would leave its largest pin without steps.
 */
export function weighByPaper(graph: PinBoardGraph, query: Query, degreeMax: number): Query {
  const largest = Math.log(degreeMax);
  // Without a floor, the pin of largest degree in the graph would get no steps.
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
