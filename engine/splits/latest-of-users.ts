import { check } from '../base/index.ts';
import { sharedInt32Array } from '../graph/index.ts';
import { nextUnit, randomStream } from '../random/index.ts';
import { withTimes } from './known-times.ts';
import { type SaveSplit, splitMarked } from './random-splits.ts';
import { type TimedSaves, tieDraw } from './time-splits.ts';

/** One split of saves, seen from two sides. */
export interface SplitOfUsers {
  /** By board: the graph without the held-out saves, and the held-out saves of each board. */
  readonly boards: SaveSplit;
  /** By user, who stands for all their boards: `train` has one board a user, to query from, not to walk on. */
  readonly users: SaveSplit;
}

/** Random substream of how many saves of a user are held out. */
const countStream = 0x4000_0005;

/**
 * Holds out the latest `share` of every user's saves: of n saves, share · n on average, rounded at random, and never all.
 * Saves without a time count as the oldest. Of simultaneous saves, a seeded draw decides: without any times, this is a
 * random share. A pin that a user has on another board, known, is no held-out pin of the user. O(saves · log saves of a
 * user). Throws `invalid-parameter` unless `share` is in (0, 1).
 */
export function splitLatestOfUsers(saves: TimedSaves, share: number, randomSeed: number): SplitOfUsers {
  check(share > 0 && share < 1, 'share', `${share} is not between 0 and 1`);
  const { boards, savedAt, boardToUser, userCount } = saves;
  const users = boards.map((board) => boardToUser[board]!);
  const draws = Float64Array.from(boards, (_, i) => tieDraw(saves, randomSeed, i));
  const timeOf = (i: number): number => (Number.isNaN(savedAt[i]!) ? -Infinity : savedAt[i]!);
  const order = Int32Array.from(boards.keys()).toSorted(
    (a, b) => users[a]! - users[b]! || compare(timeOf(b), timeOf(a)) || draws[a]! - draws[b]! || a - b,
  );
  const marks = new Uint8Array(boards.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    const user = users[order[start]!]!;
    while (end < order.length && users[order[end]!] === user) end++;
    const count = end - start;
    const unit = nextUnit(randomStream(randomSeed, user, countStream));
    const held = Math.min(Math.floor(share * count + unit), count - 1);
    for (const i of order.subarray(start, start + held)) marks[i] = 1;
  }
  return {
    boards: withTimes(splitMarked(saves, marks), saves),
    users: ofUsers({ ...saves, boards: users }, marks, userCount),
  };
}

/** The same split with the boards of each user together; `saves.boards` are the users. */
function ofUsers(saves: TimedSaves, marks: Uint8Array, userCount: number): SaveSplit {
  const { boards: users, pins, savedAt, pinCount } = saves;
  /** By user and pin: the place of the save that counts, a known one before a held-out one, then the latest. */
  const places = new Map<number, number>();
  for (let i = 0; i < users.length; i++) {
    const key = users[i]! * pinCount + pins[i]!;
    const other = places.get(key);
    const isFirst =
      other === undefined ||
      marks[i]! < marks[other]! ||
      (marks[i] === marks[other] && savedAt[i]! > savedAt[other]!);
    if (isFirst) places.set(key, i);
  }
  const kept = Int32Array.from(places.values());
  const boardToUser = sharedInt32Array(userCount);
  for (let user = 0; user < userCount; user++) boardToUser[user] = user;
  const distinct = {
    boards: kept.map((i) => users[i]!),
    pins: kept.map((i) => pins[i]!),
    savedAt: Float64Array.from(kept, (i) => savedAt[i]!),
    pinCount,
    boardToUser,
    userCount,
  };
  return withTimes(
    splitMarked(
      distinct,
      Uint8Array.from(kept, (i) => marks[i]!),
    ),
    distinct,
  );
}

/** −Infinity equals itself, which subtraction would not find. */
function compare(a: number, b: number): number {
  return Number(a > b) - Number(a < b);
}
