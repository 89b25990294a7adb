import {
  EngineError,
  type SaveSplit,
  type TimedSaves,
  buildGraph,
  splitAtTime,
  splitFolds,
  splitLast,
  splitSaves,
  timeOfLatest,
} from '../../engine/index.ts';
import {
  DataError,
  openDataFolder,
  readFolderSaves,
  readSplit,
  readTimedSaves,
  timeOf,
} from '../../graph-data/index.ts';
import type { SavesQuestion } from './saves-question.ts';

/**
 * Reads the saves and splits them: one split, or one for each fold. `warn` hears of what was left out. Throws `split-unusable`
 * and `invalid-parameter`.
 */
export async function readSplits(
  question: SavesQuestion,
  randomSeed: number,
  warn: (message: string) => void,
): Promise<readonly SaveSplit[]> {
  const { data = 'data', train, test, columns, minWeight } = question;
  if (train === undefined) return cut(readFolderSaves(openDataFolder(data), minWeight), question, randomSeed);
  const reading = {
    columns,
    keep: minWeight === undefined ? undefined : ({ weight }: { weight: number }) => weight >= minWeight,
  };
  if (test === undefined) return cut(await readTimedSaves(train, reading), question, randomSeed);
  const split = await readSplit(train, test, reading);
  if (split.droppedSaves > 0) {
    warn(`${split.droppedSaves} test saves left out: the train part has them too`);
  }
  return [split];
}

function cut(saves: TimedSaves, question: SavesQuestion, randomSeed: number): readonly SaveSplit[] {
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
