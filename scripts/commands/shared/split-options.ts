import { existsSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { SplitInput } from '../../../api/offline/evaluate/index.ts';
import { messageOf } from '../../../graph-data/base/index.ts';
import { parseTime } from '../../../graph-data/import/index.ts';
import { type FileFlags, fileOptions, withFileOptions } from './file-options.ts';
import { UsageError, dataFolder, dataOption, decimal, integer } from './options.ts';

/** The options of {@link withSplit}, as commander returns them. */
export interface SplitOptions extends Omit<SplitInput, 'data' | keyof FileFlags>, FileFlags {
  readonly data: string;
}

/** Adds the options that name the saves and their split. */
export function withSplit(command: Command): Command {
  return withFileOptions(
    command
      .addOption(dataOption())
      .option('--train <file>', 'file of saves, instead of the data folder: user, pin or user, board, pin'),
  )
    .option('--min-weight <w>', 'only saves of at least this weight', decimal(0, Number.MAX_VALUE))
    .optionsGroup('Split, one of:')
    .option('--test <file>', 'hold out the saves of another file (published splits)')
    .option('--hold-out <share>', "hold out this share of each board's saves, drawn by the seed", openShare)
    .option(
      '--hold-out-after <time>',
      'hold out all saves from this time on: 2018-01-01 or a Unix time',
      time,
    )
    .option(
      '--hold-out-latest <share>',
      'hold out the latest share of all saves; the seed breaks a tie',
      openShare,
    )
    .option('--leave-last-out', 'hold out the last save of each board; the seed breaks ties')
    .option('--folds <n>', 'hold out every save once, in n folds drawn by the seed', integer(2, 100));
}

const splitFlags = {
  test: '--test FILE',
  holdOut: '--hold-out SHARE',
  holdOutAfter: '--hold-out-after TIME',
  holdOutLatest: '--hold-out-latest SHARE',
  leaveLastOut: '--leave-last-out',
  folds: '--folds N',
} as const;

const splitNames = Object.keys(splitFlags) as (keyof typeof splitFlags)[];

/** Throws a `UsageError` unless there are saves and exactly one split option. Reads nothing. */
export function checkSplitOptions(options: SplitOptions): void {
  const given = splitNames.filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    const flags = given.map((name) => splitFlags[name]).join(' and ');
    throw new UsageError(`${flags} exclude each other: use one split option`);
  }
  if (given.length === 0) {
    throw new UsageError(`no split option: use one of ${Object.values(splitFlags).join(', ')}`);
  }
  const { train, test, data } = options;
  if (train === undefined && test !== undefined) {
    throw new UsageError('--test FILE needs --train FILE, the known saves');
  }
  const reading = Object.entries(fileOptions(options)).find(([, value]) => value !== undefined);
  if (train === undefined && reading !== undefined) {
    const flag = reading[0].replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(`--${flag} needs --train FILE`);
  }
  if (train === undefined && !existsSync(data)) {
    throw new UsageError(
      `there is no data folder ${data}: use --train FILE (a file of saves) or --data DIR (another folder)`,
    );
  }
}

/** Whether a file or a split option is given. */
export function isSplit(options: SplitOptions): boolean {
  return options.train !== undefined || splitNames.some((name) => options[name] !== undefined);
}

/** The saves and split of the options. */
export function savesOf(options: SplitOptions): SplitInput {
  const { train, test, minWeight, holdOut, holdOutAfter, holdOutLatest, leaveLastOut, folds } = options;
  const ofFile = { train, test, ...fileOptions(options) };
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

/** Checks a time, and returns it as written. */
function time(text: string): string {
  try {
    parseTime('The time', text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError(`${messageOf(error)}: write 2018-01-01 or 2018-01-01T12:00Z.`);
  }
}

/** A share in (0, 1). */
function openShare(text: string): number {
  const value = decimal(0, 1)(text);
  if (value === 0 || value === 1) throw new InvalidArgumentError('Not between 0 and 1.');
  return value;
}
