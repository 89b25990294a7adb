import { existsSync } from 'node:fs';
import type { SavesQuestion } from '../../api/index.ts';
import { UsageError, dataFolder } from '../options.ts';

/** Where the saves come from and how they are split, as commander gives it. */
export interface SplitOptions extends Omit<SavesQuestion, 'data' | 'columns'> {
  readonly data: string;
  readonly columns?: string;
  readonly randomSeed: number;
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

/** The saves that the options name: the data folder's where they name no file. */
export function savesOf(options: SplitOptions): SavesQuestion {
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
