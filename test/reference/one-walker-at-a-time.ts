import {
  type PinBoardGraph,
  type PinIndex,
  neighborsOf,
  nextBelow,
  nextUnit,
  randomStream,
} from '../../engine/index.ts';

const walkersPerPin = 64;

/**
 * The readable twin of `walkFrom`: the same walkers with the same random numbers, one after another. Returns visits by pin.
 */
export function oneWalkerAtATime(
  graph: PinBoardGraph,
  queryPin: PinIndex,
  steps: number,
  restartProbability: number,
  randomSeed: number,
): Map<PinIndex, number> {
  const visits = new Map<PinIndex, number>();
  if (neighborsOf(graph.pinToBoard, queryPin).length === 0) return visits;
  for (let walker = 0; walker < walkersPerPin; walker++) {
    const random = randomStream(randomSeed, queryPin, walker);
    let pin = queryPin;
    for (let step = walker; step < steps; step += walkersPerPin) {
      const boards = neighborsOf(graph.pinToBoard, pin);
      const board = boards[nextBelow(random, boards.length)]!;
      const pins = neighborsOf(graph.boardToPin, board);
      pin = pins[nextBelow(random, pins.length)]!;
      visits.set(pin, (visits.get(pin) ?? 0) + 1);
      if (nextUnit(random) < restartProbability) pin = queryPin;
    }
  }
  return visits;
}
