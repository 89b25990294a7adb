import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { SplitInput } from '../../../api/index.ts';
import { messageOf, parseTime } from '../../../graph-data/index.ts';
import { UsageError, dataFolder, dataOption, decimal, integer } from './options.ts';

/** Where the saves come from and how they are split, as commander gives it. */
export interface SplitOptions extends Omit<SplitInput, 'data' | 'columns'> {
  readonly data: string;
  readonly columns?: string;
  readonly randomSeed: number;
}

/** The options that name the saves and their split. */
export function withSplit(command: Command): Command {
  return command
    .addOption(dataOption())
    .option('--train <file>', 'saves of a file, in place of the data folder: user, pin or user, board, pin')
    .option('--columns <names>', 'names of the columns, when there is no header or it says otherwise')
    .option('--min-weight <w>', 'only saves of at least this weight', decimal(0, Number.MAX_VALUE))
    .optionsGroup('What is to be found, one of:')
    .option('--test <file>', 'saves of another file: a published split')
    .option('--hold-out <share>', "this share of each board's saves, drawn by the seed", openShare)
    .option('--hold-out-after <time>', 'all saves from this time on: 2018-01-01 or a Unix time', time)
    .option('--hold-out-latest <share>', 'this share of all saves, the latest', openShare)
    .option('--leave-last-out', 'the last save of each board')
    .option('--folds <n>', 'every save once, in so many folds drawn by the seed', integer(2, 100));
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

/** Whether files or a way to split are named. */
export function isSplit(options: SplitOptions): boolean {
  const names = Object.keys(ways) as (keyof typeof ways)[];
  return options.train !== undefined || names.some((name) => options[name] !== undefined);
}

/** The saves that the options name: the data folder's where they name no file. */
export function savesOf(options: SplitOptions): SplitInput {
  const { train, test, minWeight, columns, holdOut, holdOutAfter, holdOutLatest, leaveLastOut, folds } =
    options;
  const ofFile = { train, test, columns: columns?.split(',') };
  return {
    ...(train === undefined ? { data: dataFolder(options).root } : ofFile),
    minWeight,
    holdOut,
    holdOutAfter,
    holdOutLatest,
    leaveLastOut,
    folds,
  };
}

/** A time as it is written, if it is one. */
function time(text: string): string {
  try {
    parseTime('It', text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)}: write 2018-01-01 or 2018-01-01T12:00Z.`);
  }
}

/** A share that is neither nothing nor all. */
function openShare(text: string): number {
  const value = decimal(0, 1)(text);
  if (value === 0 || value === 1) throw new InvalidArgumentError('Not between 0 and 1.');
  return value;
}
