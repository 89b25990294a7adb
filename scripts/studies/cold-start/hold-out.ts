import {
  type PinBoardGraph,
  type SaveSplit,
  nextUnit,
  pairsOf,
  randomStream,
  splitMarked,
} from '../../../engine/index.ts';

/** Random substreams: of the pins, and of the other saves. */
const pinStream = 0x4000_0040;
const saveStream = 0x4000_0041;

/** A split whose held-out saves are all saves of some pins, and perhaps some of others. */
interface PinSplit extends SaveSplit {
  readonly isHeldOut: (pin: number) => boolean;
}

/**
 * Holds out all saves of a pin with probability `pinShare`, as if it were new, and each save of the others with probability
 * `saveShare`. Seeded. O(saves).
 */
export function holdOutPins(
  graph: PinBoardGraph,
  pinShare: number,
  saveShare: number,
  randomSeed: number,
): PinSplit {
  const saves = pairsOf(graph);
  const isNew = Uint8Array.from({ length: saves.pinCount }, (_, pin) =>
    Number(nextUnit(randomStream(randomSeed, pin, pinStream)) < pinShare),
  );
  const stream = randomStream(randomSeed, 0, saveStream);
  const marks = Uint8Array.from(saves.pins, (pin) => {
    const isDrawn = nextUnit(stream) < saveShare;
    return Number(isNew[pin] === 1 || isDrawn);
  });
  return { ...splitMarked(saves, marks), isHeldOut: (pin) => isNew[pin] === 1 };
}
