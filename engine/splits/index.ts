export { sampleNegatives } from './negatives.ts';
export {
  type SaveSplit,
  type SplitTies,
  pairsOf,
  splitFolds,
  splitMarked,
  splitSaves,
} from './random-splits.ts';
export { type TimedSaves, splitAtTime, splitLast, splitLatest } from './time-splits.ts';
export { firstTimes, withTimes } from './known-times.ts';
export { type SplitOfUsers, splitLatestOfUsers } from './latest-of-users.ts';
