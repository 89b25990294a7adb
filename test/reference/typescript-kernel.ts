import { type PinBoardGraph, type VisitTable, nextUnit } from '../../engine/index.ts';
import { lostNode } from '../../engine/walk/lane-layout.ts';
import type { Lanes } from '../../engine/walk/lanes.ts';
import type { Walk } from '../../engine/walk/walk.ts';

/** The readable twin of the kernel, `advance` of engine/walk: the same steps in TypeScript, one lane after another. */
export function advance(
  { pinToBoard, boardToPin }: PinBoardGraph,
  busy: number,
  rounds: number,
  { restartProbability, boardShrinkage, counts }: Walk,
  visits: VisitTable,
  { pins, homes, low, high, boards, cursors, restartMasks }: Lanes,
): void {
  for (let round = 0; round < rounds; round++) {
    for (let w = 0; w < busy; w++) {
      const random = { low: low[w]!, high: high[w]! };
      const [boardDraw, pinDraw] = [nextUnit(random), nextUnit(random)];
      let restarts = nextUnit(random) < restartProbability;
      [low[w], high[w]] = [random.low, random.high];

      const boardOffset = Math.floor(boardDraw * pinToBoard.slices[2 * pins[w]! + 1]!);
      const board = pinToBoard.neighbors[pinToBoard.slices[2 * pins[w]!]! + boardOffset] ?? 0;
      // The degree before the start: a live graph may be written in between.
      const degree = boardToPin.slices[2 * board + 1]!;
      const offset = Math.floor(pinDraw * (degree + boardShrinkage));
      const isLost = boardShrinkage > 0 && offset >= degree;
      if (isLost) restarts = true;
      const pin = isLost ? lostNode : (boardToPin.neighbors[boardToPin.slices[2 * board]! + offset] ?? 0);

      visits.add(counts === 'boards' ? board : pin, 1);
      boards[w] = board;
      cursors[w] = pin;
      restartMasks[w] = restarts ? -1 : 0;
      pins[w] = restarts ? homes[w]! : pin;
    }
  }
}
