import { check } from '../base/index.ts';
import type { SavePairs } from '../graph/index.ts';
import { nextUint32, randomStream } from '../random/index.ts';
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
 * Global temporal split by share: holds out the latest `share` of the saves, exactly. Of the saves made at the moment of
 * the split, a seeded draw decides. O(n log n). Throws `invalid-parameter` unless `share` is in (0, 1) and leaves a save
 * to train on (`share`), and if a save has no time (`savedAt`).
 */
export function splitLatest(saves: TimedSaves, share: number, randomSeed: number): SaveSplit {
  check(share > 0 && share < 1, 'share', `${share} is not between 0 and 1`);
  checkTimes(saves);
  const { savedAt } = saves;
  const count = savedAt.length;
  const held = Math.max(Math.round(share * count), 1);
  check(held < count, 'share', `${share} of ${count} saves leaves none to train on`);
  const time = savedAt.toSorted()[count - held]!;
  const later = savedAt.reduce((sum, each) => sum + Number(each > time), 0);
  const tied = [...savedAt.keys()].filter((i) => savedAt[i] === time);
  const drawn = tied.toSorted((a, b) => compareDraws(saves, randomSeed, a, b)).slice(0, held - later);
  const marks = Uint8Array.from(savedAt, (each) => Number(each > time));
  for (const i of drawn) marks[i] = 1;
  const ties = { among: 'saves', tied: drawn.length < tied.length ? tied.length : 0, of: count } as const;
  return { ...splitMarked(saves, marks), ties };
}

/**
 * Leave-last-out: holds out the latest save of every board with two or more pins. Of simultaneous saves, a seeded draw
 * decides. Unlike {@link splitAtTime}, training sees saves that other users made later. O(saves). Throws
 * `invalid-parameter` if a save has no time (`savedAt`) or no board has two pins (`saves`).
 */
export function splitLast(saves: TimedSaves, randomSeed: number): SaveSplit {
  checkTimes(saves);
  const { boards, savedAt, boardToUser } = saves;
  const last = new Int32Array(boardToUser.length).fill(-1);
  const counts = new Int32Array(boardToUser.length);
  const isTied = new Uint8Array(boardToUser.length);
  for (let i = 0; i < boards.length; i++) {
    const board = boards[i]!;
    const best = last[board]!;
    counts[board]!++;
    if (best < 0 || savedAt[i]! > savedAt[best]!) {
      last[board] = i;
      isTied[board] = 0;
    } else if (savedAt[i] === savedAt[best]) {
      isTied[board] = 1;
      if (compareDraws(saves, randomSeed, i, best) < 0) last[board] = i;
    }
  }
  const marks = Uint8Array.from(boards, (board, i) => Number(last[board] === i && counts[board]! > 1));
  check(marks.includes(1), 'saves', 'no board has two pins');
  const tied = isTied.reduce((sum, each) => sum + each, 0);
  const of = marks.reduce((sum, each) => sum + each, 0);
  return { ...splitMarked(saves, marks), ties: { among: 'boards', tied, of } };
}

/** Keeps the draws of ties apart from other streams of a board: pins are below it. */
const tieStream = 0x2000_0000;

/** What orders simultaneous saves: a draw of a save's own, which depends on the seed and the save alone. */
export function tieDraw({ boards, pins }: TimedSaves, randomSeed: number, save: number): number {
  return nextUint32(randomStream(randomSeed, boards[save], tieStream ^ pins[save]!));
}

/** Orders simultaneous saves at random. */
function compareDraws(saves: TimedSaves, randomSeed: number, a: number, b: number): number {
  const { boards, pins } = saves;
  const drawn = tieDraw(saves, randomSeed, a) - tieDraw(saves, randomSeed, b);
  return drawn || boards[a]! - boards[b]! || pins[a]! - pins[b]!;
}

function checkTimes({ savedAt }: TimedSaves): void {
  const without = savedAt.reduce((count, time) => count + Number(Number.isNaN(time)), 0);
  check(without === 0, 'savedAt', `${without} of ${savedAt.length} saves have no time`);
}
