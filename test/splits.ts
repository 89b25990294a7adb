import { type SaveSplit, nextBelow, randomStream, splitSaves } from '../engine/index.ts';
import { graphOf } from './graphs.ts';

/** A split of 120 boards with up to 18 of 60 pins each, the smaller ones more often; the same each time. */
export function tastes(): SaveSplit {
  const random = randomStream(7);
  const saves = Array.from({ length: 120 }, (_, board) =>
    Array.from({ length: 4 + nextBelow(random, 15) }, () => {
      return [board, nextBelow(random, 1 + nextBelow(random, 60))] as const;
    }),
  ).flat();
  const distinct = new Map(saves.map((save) => [save.join(), save]));
  return splitSaves(graphOf([...distinct.values()]), 0.3, 1);
}
