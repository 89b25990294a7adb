import { type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';

/** Pins of up to this many saves are rare on every graph. */
const rareSaves = 2;
/** So is this share of the saved pins, those with the fewest saves: many data sets leave out pins with under ten. */
const rareShareOfPins = 0.1;
/** Larger degrees are counted as this one. */
const countedMax = 1_024;

/** Saves up to which a pin is rare: 2, or more where that is under a tenth of the saved pins. O(pins). */
export function rareSavesMax({ pinToBoard }: PinBoardGraph): number {
  const counts = new Uint32Array(countedMax);
  let saved = 0;
  for (let pin = 0; pin < nodeCount(pinToBoard); pin++) {
    const saves = degreeOf(pinToBoard, pin);
    if (saves === 0) continue;
    saved++;
    counts[Math.min(saves, countedMax - 1)]!++;
  }
  let atMost = counts[0]!;
  for (let saves = 1; saves < countedMax; saves++) {
    atMost += counts[saves]!;
    if (saves >= rareSaves && atMost >= rareShareOfPins * saved) return saves;
  }
  return countedMax - 1;
}
