import {
  EngineError,
  type SaveSplit,
  type TimedSaves,
  buildGraph,
  neighborsOf,
  splitAtTime,
  splitFolds,
  splitLast,
  splitSaves,
  timeOfLatest,
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
import type { SplitInput } from './split-input.ts';

/** Splits, and the names of what is in them until they are disposed of. */
interface NamedSplits extends Disposable {
  readonly splits: readonly SaveSplit[];
  readonly names: SplitNames;
}

/** As {@link readNamedSplits}, without the names. */
export async function readSplits(
  question: SplitInput,
  randomSeed: number,
  warn: (message: string) => void,
): Promise<readonly SaveSplit[]> {
  using named = await readNamedSplits(question, randomSeed, warn);
  return named.splits;
}

/**
 * Reads the saves and splits them: one split, or one for each fold. `warn` is called with what was left out. Throws `split-unusable`
 * and `invalid-parameter`.
 */
export async function readNamedSplits(
  question: SplitInput,
  randomSeed: number,
  warn: (message: string) => void,
): Promise<NamedSplits> {
  const { data = 'data', train, test, columns, minWeight } = question;
  if (train === undefined) {
    const folder = openDataFolder(data);
    const splits = cut(readFolderSaves(folder, minWeight), question, randomSeed);
    const names = new FolderNames(folder);
    return { splits, names, [Symbol.dispose]: () => names[Symbol.dispose]() };
  }
  const reading = { columns, keep: atLeast(minWeight) };
  if (test === undefined) {
    const saves = await readTimedSaves(train, reading);
    return { splits: cut(saves, question, randomSeed), names: saves.names, [Symbol.dispose]: nothing };
  }
  const split = await readSplit(train, test, reading);
  if (split.droppedSaves > 0) {
    warn(`${split.droppedSaves} test saves left out: the train part has them too`);
  }
  return { splits: [split], names: split.names, [Symbol.dispose]: nothing };
}

function nothing(): void {}

/**
 * Reads saves and splits them twice: off comes the test part, and off what is left, the validation part on which to choose:
 * one split, or one for each fold. `saves` cannot be in folds. `onFirst` is called when the test part is split off. Throws as {@link readSplits} does.
 */
export async function readNestedSplits(
  saves: SplitInput,
  validation: SplitInput,
  randomSeed: number,
  warn: (message: string) => void,
  onFirst: () => void = () => {},
): Promise<{ readonly test: SaveSplit; readonly validation: readonly SaveSplit[] }> {
  const { test, ...rest } = saves;
  if (test !== undefined) {
    const [split] = await readSplits(saves, randomSeed, warn);
    const train = await readSaves(rest);
    onFirst();
    return { test: split!, validation: cut(train, validation, otherSeed(randomSeed)) };
  }
  const all = await readSaves(rest);
  const [split] = cut(all, saves, randomSeed);
  onFirst();
  return { test: split!, validation: cut(known(all, split!), validation, otherSeed(randomSeed)) };
}

async function readSaves({ data = 'data', train, columns, minWeight }: SplitInput): Promise<TimedSaves> {
  if (train === undefined) return readFolderSaves(openDataFolder(data), minWeight);
  return readTimedSaves(train, { columns, keep: atLeast(minWeight) });
}

function atLeast(weightMin: number | undefined): ((row: { weight: number }) => boolean) | undefined {
  return weightMin === undefined ? undefined : ({ weight }) => weight >= weightMin;
}

/** So that the draws of the second split do not repeat those of the first. */
function otherSeed(randomSeed: number): number {
  return (randomSeed + 1) % 2 ** 32;
}

/** The saves that a split has not held out. O(saves · pins of a board). */
function known(saves: TimedSaves, { heldOut }: SaveSplit): TimedSaves {
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

/** The splits of some saves, with the times of the known ones, which weigh a user's history. */
function cut(saves: TimedSaves, input: SplitInput, randomSeed: number): readonly SaveSplit[] {
  return cutSaves(saves, input, randomSeed).map((split) => withTimes(split, saves));
}

function cutSaves(saves: TimedSaves, question: SplitInput, randomSeed: number): readonly SaveSplit[] {
  const { holdOut, holdOutAfter, holdOutLatest, folds } = question;
  if (holdOut !== undefined) return [splitSaves(buildGraph(saves), holdOut, randomSeed)];
  if (folds !== undefined) return splitFolds(buildGraph(saves), folds, randomSeed);
  checkTimes(saves);
  if (holdOutAfter !== undefined)
    return [splitAtTime(saves, checkedTime(saves, timeOf(holdOutAfter) ?? NaN))];
  if (holdOutLatest !== undefined) {
    return [splitAtTime(saves, checkedTime(saves, timeOfLatest(saves, holdOutLatest)))];
  }
  return [splitLast(saves)];
}

function checkTimes({ savedAt }: TimedSaves): void {
  const without = savedAt.filter((time) => Number.isNaN(time)).length;
  if (without === 0) return;
  throw new DataError(
    'split-unusable',
    `${without} of ${savedAt.length} saves have no time: name its column ` +
      '(--columns user,pin,savedAt), or split by --hold-out or --folds, which need none',
  );
}

/** The time, unless it leaves nothing on one side. */
function checkedTime({ savedAt }: TimedSaves, time: number): number {
  const [first, last] = savedAt.reduce(
    ([min, max], each) => [Math.min(min, each), Math.max(max, each)] as [number, number],
    [Infinity, -Infinity] as [number, number],
  );
  if (time > first && time <= last) return time;
  const [from, to, at] = [first, last, time].map((each) => new Date(each).toISOString());
  const fault = `the saves are from ${from} to ${to}: nothing can be split at ${at}`;
  throw new EngineError('invalid-parameter', 'holdOutAfter', fault);
}
