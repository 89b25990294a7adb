import { type Work, prices } from '../../engine/base/index.ts';
import { type PinBoardGraph, neighborsOf } from '../../engine/index.ts';
import { windowOf } from '../../engine/walk/window.ts';

/** The readable twin of `Spreader.spreadVisits`: board after board, pin after pin, in a Map. */
export function spreadVisits(
  graph: PinBoardGraph,
  visits: Iterable<readonly [board: number, count: number]>,
  boardShrinkage: number,
  randomSeed: number,
  work: Work,
): { values: Map<number, number>; total: number } {
  const values = new Map<number, number>();
  let total = 0;
  for (const [board, visited] of visits) {
    const pins = neighborsOf(graph.boardToPin, board);
    if (pins.length === 0) continue;
    const { count, offset } = windowOf(board, pins.length, randomSeed);
    if (work.take(count, prices.edge) < count) break;
    const amount = (visited / (pins.length + boardShrinkage)) * (pins.length / count);
    for (let i = 0; i < count; i++) {
      const pin = pins[(offset + i) % pins.length]!;
      values.set(pin, (values.get(pin) ?? 0) + amount);
    }
    total += amount * count;
  }
  return { values, total };
}
