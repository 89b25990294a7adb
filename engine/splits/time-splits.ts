import { check } from '../base/index.ts';
import type { SavePairs } from '../graph/index.ts';
import { type SaveSplit, splitMarked } from './split.ts';

/** Saves and when they were made. */
export interface TimedSaves extends SavePairs {
  /** Milliseconds since 1970 of each save; NaN where nobody knows. */
  readonly savedAt: Float64Array;
}

/**
 * Global timeline: holds out every save made at `time` (milliseconds since 1970) or later, so that nothing is learned
 * from the future, neither the user's own nor anybody else's (Ji et al., TOIS 2023, doi:10.1145/3569930). A board whose
 * saves are all later has nothing to ask with, and a pin that nobody saved before cannot be found. O(saves). Throws
 * `invalid-parameter` when a save has no time and when one part would be empty.
 */
export function splitAtTime(saves: TimedSaves, time: number): SaveSplit {
  checkTimes(saves);
  const marks = Uint8Array.from(saves.savedAt, (savedAt) => Number(savedAt >= time));
  const held = marks.reduce((sum, mark) => sum + mark, 0);
  check(held > 0, 'time', 'no save is as late as that');
  check(held < marks.length, 'time', 'all saves are as late as that');
  return splitMarked(saves, marks);
}

/**
 * The time that holds out, with {@link splitAtTime}, the latest `share` of the saves: saves of one moment are not parted,
 * and all go with the later ones. O(n · log n). Throws `invalid-parameter` as {@link splitAtTime} does.
 */
export function timeOfLatest(saves: TimedSaves, share: number): number {
  check(share > 0 && share < 1, 'share', `${share} is not between 0 and 1`);
  checkTimes(saves);
  const ascending = saves.savedAt.toSorted();
  const held = Math.max(Math.round(share * ascending.length), 1);
  return ascending[ascending.length - held]!;
}

/**
 * Leave-last-out: holds out the latest save of every board of two pins or more; of saves of one moment the one that comes
 * last in the list. The others' saves of later days stay known, unlike in {@link splitAtTime}. O(saves). Throws
 * `invalid-parameter` when a save has no time and when no board has two pins.
 */
export function splitLast(saves: TimedSaves): SaveSplit {
  checkTimes(saves);
  const { boards, savedAt, boardToUser } = saves;
  const last = new Int32Array(boardToUser.length).fill(-1);
  const counts = new Int32Array(boardToUser.length);
  for (let i = 0; i < boards.length; i++) {
    const board = boards[i]!;
    counts[board]!++;
    if (last[board]! < 0 || savedAt[i]! >= savedAt[last[board]!]!) last[board] = i;
  }
  const marks = Uint8Array.from(boards, (board, i) => Number(last[board] === i && counts[board]! > 1));
  check(marks.includes(1), 'saves', 'no board has two pins, of which the last could be held out');
  return splitMarked(saves, marks);
}

function checkTimes({ savedAt }: TimedSaves): void {
  const without = savedAt.reduce((count, time) => count + Number(Number.isNaN(time)), 0);
  check(without === 0, 'savedAt', `${without} of ${savedAt.length} saves have no time`);
}
