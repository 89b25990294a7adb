import { existsSync } from 'node:fs';
import {
  type SaveSplit,
  type TimedSaves,
  buildGraph,
  splitAtTime,
  splitFolds,
  splitLast,
  splitSaves,
  timeOfLatest,
} from '../../engine/index.ts';
import { DataError, readFolderSaves, readSplit, readTimedSaves } from '../../graph-data/index.ts';
import { UsageError, dataFolder } from '../options.ts';
import { thousands } from '../output.ts';

/** Where the saves come from and how they are split; exactly one of the ways to split is given. */
export interface SplitOptions {
  /** A file of saves; without it, the saves of the data folder. */
  readonly train?: string;
  readonly data: string;
  readonly columns?: string;
  readonly minWeight?: number;
  readonly randomSeed: number;
  readonly test?: string;
  readonly holdOut?: number;
  readonly holdOutAfter?: number;
  readonly holdOutLatest?: number;
  readonly leaveLastOut?: true;
  readonly folds?: number;
}

const ways = {
  test: '--test FILE',
  holdOut: '--hold-out SHARE',
  holdOutAfter: '--hold-out-after TIME',
  holdOutLatest: '--hold-out-latest SHARE',
  leaveLastOut: '--leave-last-out',
  folds: '--folds N',
} as const;

/** Throws a `UsageError` unless there is something to read and one way to split it. Reads nothing. */
export function checkSplitOptions(options: SplitOptions): void {
  const names = Object.keys(ways) as (keyof typeof ways)[];
  const given = names.filter((name) => options[name] !== undefined);
  if (given.length !== 1) {
    const told = given.length === 0 ? 'none is' : `${given.map((name) => ways[name]).join(' and ')} are`;
    throw new UsageError(
      `name what is to be found, by either --test FILE or one of ${Object.values(ways).slice(1).join(', ')}: ${told} given`,
    );
  }
  const { train, test, data } = options;
  if (train === undefined && test !== undefined) {
    throw new UsageError('--test FILE has the saves to find: name those that are known, with --train FILE');
  }
  if (train === undefined && options.columns !== undefined) {
    throw new UsageError('--columns is for files: name one, with --train FILE');
  }
  if (train === undefined && !existsSync(data)) {
    throw new UsageError(
      `there is no data folder ${data}: name a file of saves (--train FILE) or another folder (--data DIR)`,
    );
  }
}

/** Reads the saves and splits them: one split, or one for each fold. Throws `split-unusable` and a `UsageError`. */
export async function readSplits(
  options: SplitOptions,
  warn: (message: string) => void,
): Promise<readonly SaveSplit[]> {
  const { train, test } = options;
  if (train === undefined) return cut(readFolderSaves(dataFolder(options), options.minWeight), options);
  const { minWeight } = options;
  const reading = {
    columns: options.columns?.split(','),
    keep: minWeight === undefined ? undefined : ({ weight }: { weight: number }) => weight >= minWeight,
  };
  if (test === undefined) return cut(await readTimedSaves(train, reading), options);
  const split = await readSplit(train, test, reading);
  if (split.droppedSaves > 0) {
    warn(`${thousands(split.droppedSaves)} test saves left out: the train part has them too`);
  }
  return [split];
}

function cut(saves: TimedSaves, options: SplitOptions): readonly SaveSplit[] {
  const { randomSeed, holdOut, holdOutAfter, holdOutLatest, folds } = options;
  if (holdOut !== undefined) return [splitSaves(buildGraph(saves), holdOut, randomSeed)];
  if (folds !== undefined) return splitFolds(buildGraph(saves), folds, randomSeed);
  checkTimes(saves);
  if (holdOutAfter !== undefined) return [splitAtTime(saves, checkedTime(saves, holdOutAfter))];
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
    `${thousands(without)} of ${thousands(savedAt.length)} saves have no time: name its column ` +
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
  throw new UsageError(`the saves are from ${from} to ${to}: nothing can be split at ${at}`);
}
