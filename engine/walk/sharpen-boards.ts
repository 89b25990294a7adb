import { type Work, prices } from '../base/index.ts';
import { clipped } from '../sparse/index.ts';
import type { ReachedPins } from './reached-pins.ts';

interface BoardSharpening {
  readonly boardShrinkage: number;
  readonly boardSharpening: number;
  /** Sum over all boards of the mass that a second step gives to each of their pins, as sampled. */
  readonly secondSum: number;
}

/**
 * Sharpens the boards of a walk: subtracts, from the mass that each gives to each of its pins, `boardSharpening` times that of a
 * second step, as `clip` does. Replaces the shares of the pins by those that the boards then give. O(pins + edges of the boards).
 * Ends when `work` is spent.
 */
export function sharpenBoards(
  reached: ReachedPins,
  { boardShrinkage, boardSharpening, secondSum }: BoardSharpening,
  work: Work,
): void {
  const { boardCount, masses } = reached;
  let sum = 0;
  for (let i = 0; i < boardCount; i++) sum += masses[i]!;
  const affordable = secondMassesOf(reached, boardShrinkage, work);
  const seconds = reached.amounts;
  const scale = 1 / sum;
  const secondScale = secondSum === 0 ? 0 : boardSharpening / secondSum;
  let total = 0;
  let given = 0;
  for (; given < boardCount; given++) {
    const second = given < affordable ? seconds[given]! : 0;
    const mass = clipped(masses[given]! * scale, second * secondScale);
    const count = reached.pinCountOf(given);
    if (mass > 0 && work.take(count, prices.edge) < count) break;
    const amount = mass * (reached.degreeOf(given) / count);
    reached.amounts[given] = amount;
    total += amount * count;
  }
  reached.addBoards(given);
  reached.divisor = total;
}

/**
 * Leaves in `amounts` the mass that a second step, from a pin drawn by the shares, would give to each pin of a board: the
 * probability of stepping to the board, divided by (degree + shrinkage). Exact, except for boards of more than 512 pins, where a
 * window of pins represents all. Leaves each share divided by the degree of its pin: a pin is on many of these boards, and is
 * divided once. Returns the number of boards for which there was work.
 */
function secondMassesOf(reached: ReachedPins, boardShrinkage: number, work: Work): number {
  const { boardCount, masses } = reached;
  let total = 0;
  for (let i = 0; i < boardCount; i++) total += masses[i]! * reached.degreeOf(i);
  // Of windows, which need the shares before they are divided.
  const windowSums = new Map<number, number>();
  reached.readDegrees();
  let affordable = 0;
  for (; affordable < boardCount; affordable++) {
    const count = reached.pinCountOf(affordable);
    // Each of its pins counts twice: its share and its degree.
    if (work.take(2 * count, prices.edge) < 2 * count) break;
    const degree = reached.degreeOf(affordable);
    if (count === degree) continue;
    // The pins of the window received the mass of all pins of the board: subtract the excess.
    const excess = (masses[affordable]! * (degree / count - 1)) / total;
    windowSums.set(affordable, reached.sumWindow(affordable, excess));
  }
  reached.divideByDegree();
  reached.sumBoards(affordable);
  for (let i = 0; i < affordable; i++) {
    const degree = reached.degreeOf(i);
    const sum = windowSums.get(i) ?? reached.amounts[i]!;
    reached.amounts[i] = (sum * degree) / reached.pinCountOf(i) / (degree + boardShrinkage);
  }
  return affordable;
}
