export { sampleNegatives } from './negatives.ts';
export { type SaveSplit, splitFolds, splitSaves } from './random-splits.ts';
export { type TimedSaves, splitAtTime, splitLast, timeOfLatest } from './time-splits.ts';
export { withTimes } from './known-times.ts';
