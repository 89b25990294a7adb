import { check } from '../base/index.ts';
import type { SavePairs } from '../graph/index.ts';
import { type SaveSplit, splitMarked } from './random-splits.ts';

/** Saves with their times. */
export interface TimedSaves extends SavePairs {
  /** Time of each save in milliseconds since 1970; NaN if unknown. */
  readonly savedAt: Float64Array;
}

/**
 * Global temporal split: holds out every save made at `time` (milliseconds since 1970) or later, so that training uses
 * no data from the future of any user (Ji et al., TOIS 2023, doi:10.1145/3569930). A board with only later saves cannot
 * be queried, and a pin with only later saves cannot be recommended. O(saves). Throws `invalid-parameter` if a save has
 * no time (`savedAt`) or one part would be empty (`time`).
 */
export function splitAtTime(saves: TimedSaves, time: number): SaveSplit {
  checkTimes(saves);
  const marks = Uint8Array.from(saves.savedAt, (savedAt) => Number(savedAt >= time));
  const held = marks.reduce((sum, mark) => sum + mark, 0);
  check(held > 0, 'time', 'no save is that late');
  check(held < marks.length, 'time', 'no save is earlier');
  return splitMarked(saves, marks);
}

/**
 * The time at which {@link splitAtTime} holds out the latest `share` of the saves. Saves made at that very time are all
 * held out, so the share can be exceeded. O(n log n). Throws `invalid-parameter` unless `share` is in (0, 1), and if a
 * save has no time.
 */
export function timeOfLatest(saves: TimedSaves, share: number): number {
  check(share > 0 && share < 1, 'share', `${share} is not between 0 and 1`);
  checkTimes(saves);
  const ascending = saves.savedAt.toSorted();
  const held = Math.max(Math.round(share * ascending.length), 1);
  return ascending[ascending.length - held]!;
}

/**
 * Leave-last-out: holds out the latest save of every board with two or more pins; of simultaneous saves, the last in
 * the list. Unlike {@link splitAtTime}, training sees saves that other users made later. O(saves). Throws
 * `invalid-parameter` if a save has no time (`savedAt`) or no board has two pins (`saves`).
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
  check(marks.includes(1), 'saves', 'no board has two pins');
  return splitMarked(saves, marks);
}

function checkTimes({ savedAt }: TimedSaves): void {
  const without = savedAt.reduce((count, time) => count + Number(Number.isNaN(time)), 0);
  check(without === 0, 'savedAt', `${without} of ${savedAt.length} saves have no time`);
}
