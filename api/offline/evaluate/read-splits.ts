import {
  EngineError,
  type SaveSplit,
  type TimedSaves,
  buildGraph,
  neighborsOf,
  splitAtTime,
  splitFolds,
  splitLast,
  splitLatest,
  splitSaves,
  withTimes,
} from '../../../engine/index.ts';
import {
  DataError,
  FolderNames,
  type SplitNames,
  openDataFolder,
  readFolderSaves,
  readSplit,
  readTimedSaves,
  timeOf,
} from '../../../graph-data/index.ts';
import { type SplitInput, fileOptionsOf } from './split-input.ts';
import { tiesText } from './ties-text.ts';

/** The keys and titles of nodes, readable until disposal. */
interface Named extends Disposable {
  readonly names: SplitNames;
}

interface NamedSplits extends Named {
  readonly splits: readonly SaveSplit[];
}

interface NestedSplits extends Named {
  readonly test: SaveSplit;
  readonly validation: readonly SaveSplit[];
}

/**
 * Reads saves and splits them: one split, or one per fold. Calls `warn` about omitted data. Throws `split-unusable`
 * and `invalid-parameter`.
 */
export async function readNamedSplits(
  input: SplitInput,
  randomSeed: number,
  warn: (message: string) => void,
): Promise<NamedSplits> {
  const { train, test } = input;
  if (train === undefined || test === undefined) {
    const { saves, ...named } = await readNamedSaves(input, warn);
    return { ...named, splits: timedSplits(saves, input, randomSeed, warn) };
  }
  const split = await readSplit(train, test, fileReading(input, warn));
  if (split.droppedSaves > 0) {
    warn(`left out ${split.droppedSaves} test saves that are also in the train part`);
  }
  return { splits: [split], names: split.names, [Symbol.dispose]: () => {} };
}

/**
 * Reads saves and splits them twice: first into train and test part, then the train part into one or more validation
 * splits. Only the second may have folds. Calls `onTestSplit` between the two. Throws as {@link readNamedSplits} does.
 */
export async function readNestedSplits(
  saves: SplitInput,
  validation: SplitInput,
  randomSeed: number,
  warn: (message: string) => void,
  onTestSplit: () => void = () => {},
): Promise<NestedSplits> {
  const { test, ...rest } = saves;
  if (test !== undefined) {
    // Numbers of the train part are the same with and without the test part.
    const { splits, ...named } = await readNamedSplits(saves, randomSeed, warn);
    const { saves: train } = await readNamedSaves(rest, warn);
    onTestSplit();
    return { ...named, test: splits[0]!, validation: timedSplits(train, validation, otherSeed(randomSeed), warn) }; // prettier-ignore
  }
  const { saves: all, ...named } = await readNamedSaves(rest, warn);
  const [split] = timedSplits(all, saves, randomSeed, warn);
  onTestSplit();
  const known = knownSaves(all, split!);
  return { ...named, test: split!, validation: timedSplits(known, validation, otherSeed(randomSeed), warn) };
}

/** The saves of a data folder or file, before they are split. */
async function readNamedSaves(
  input: SplitInput,
  warn: (message: string) => void,
): Promise<Named & { readonly saves: TimedSaves }> {
  const { data = 'data', train, minWeight } = input;
  if (train !== undefined) {
    const saves = await readTimedSaves(train, fileReading(input, warn));
    return { saves, names: saves.names, [Symbol.dispose]: () => {} };
  }
  const folder = openDataFolder(data);
  const saves = readFolderSaves(folder, minWeight);
  const names = new FolderNames(folder, saves);
  return { saves, names, [Symbol.dispose]: () => names[Symbol.dispose]() };
}

function fileReading(
  input: SplitInput,
  warn: (message: string) => void,
): Parameters<typeof readTimedSaves>[1] {
  return { ...fileOptionsOf(input), weightMin: input.minWeight, onNote: warn };
}

/** The second split must not repeat the draws of the first. */
function otherSeed(randomSeed: number): number {
  return (randomSeed + 1) % 2 ** 32;
}

/** The saves that the split does not hold out. O(saves · pins of a board). */
function knownSaves(saves: TimedSaves, { heldOut }: SaveSplit): TimedSaves {
  const isKnown = saves.boards.map((board, i) =>
    Number(!neighborsOf(heldOut, board).includes(saves.pins[i]!)),
  );
  return {
    ...saves,
    boards: saves.boards.filter((_, i) => isKnown[i]),
    pins: saves.pins.filter((_, i) => isKnown[i]),
    savedAt: saves.savedAt.filter((_, i) => isKnown[i]),
  };
}

/** The splits, with the times of known saves, which weight a user's history by age. Warns of ties. */
function timedSplits(
  saves: TimedSaves,
  input: SplitInput,
  randomSeed: number,
  warn: (message: string) => void,
): readonly SaveSplit[] {
  const splits = splitsOf(saves, input, randomSeed);
  for (const { ties } of splits) if (ties !== undefined && ties.tied > 0) warn(tiesText(ties));
  return splits.map((split) => withTimes(split, saves));
}

function splitsOf(saves: TimedSaves, input: SplitInput, randomSeed: number): readonly SaveSplit[] {
  const { holdOut, holdOutAfter, holdOutLatest, folds } = input;
  if (holdOut !== undefined) return [splitSaves(buildGraph(saves), holdOut, randomSeed)];
  if (folds !== undefined) return splitFolds(buildGraph(saves), folds, randomSeed);
  checkTimes(saves);
  if (holdOutAfter !== undefined)
    return [splitAtTime(saves, checkedTime(saves, timeOf(holdOutAfter) ?? NaN))];
  if (holdOutLatest !== undefined) return [splitLatest(saves, holdOutLatest, randomSeed)];
  return [splitLast(saves, randomSeed)];
}

function checkTimes({ savedAt }: TimedSaves): void {
  const without = savedAt.filter((time) => Number.isNaN(time)).length;
  if (without === 0) return;
  throw new DataError(
    'split-unusable',
    `${without} of ${savedAt.length} saves have no time: name the column of times ` +
      '(--columns user,pin,savedAt), or split by --hold-out or --folds, which need no times',
  );
}

/** Throws `invalid-parameter` if all saves are on one side of the time. */
function checkedTime({ savedAt }: TimedSaves, time: number): number {
  const [first, last] = savedAt.reduce(
    ([min, max], each) => [Math.min(min, each), Math.max(max, each)] as [number, number],
    [Infinity, -Infinity] as [number, number],
  );
  if (time > first && time <= last) return time;
  const [from, to, at] = [first, last, time].map((each) => new Date(each).toISOString());
  const fault = `the saves are from ${from} to ${to}: ${at} leaves one part empty`;
  throw new EngineError('invalid-parameter', 'holdOutAfter', fault);
}
