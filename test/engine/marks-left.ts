import type { ReasonScratch } from '../../engine/index.ts';

/** Whether a search for reasons left marks in its scratch, which the next search would take for its own. */
export function hasMarksLeft(scratch: ReasonScratch): boolean {
  const { boardMarks, heads, recommendedPlaces, nearBoards } = scratch;
  return [boardMarks.marks, heads, recommendedPlaces, nearBoards].some((table) =>
    table.some((entry) => entry !== 0),
  );
}
