import { existsSync } from 'node:fs';
import { z } from 'zod';
import { timeOf } from '../../../graph-data/index.ts';

/**
 * Saves to read, and how to split them, as people write it: from `train`, a file of saves, or `data`, a data folder; and
 * one of the ways to split (docs/evaluation.md).
 */
export interface SplitInput {
  readonly data?: string | undefined;
  readonly train?: string | undefined;
  /** Names of the file's columns, where its header does not say. */
  readonly columns?: readonly string[] | undefined;
  /** Only saves of at least this weight. */
  readonly minWeight?: number | undefined;
  /** A file of the saves to find: a published split. */
  readonly test?: string | undefined;
  /** This share of each board's saves, drawn by the seed. */
  readonly holdOut?: number | undefined;
  /** All saves from this time on: an ISO 8601 date or a Unix time. */
  readonly holdOutAfter?: string | number | undefined;
  /** The latest share of all saves. */
  readonly holdOutLatest?: number | undefined;
  /** The last save of each board. */
  readonly leaveLastOut?: true | undefined;
  /** Every save once, in so many folds. */
  readonly folds?: number | undefined;
}

const share = z.number().gt(0).lt(1);

/** The fields of a {@link SplitInput}, for schemas of what has one in it. {@link tellSplitFaults} sees what they make together. */
export const savesFields: {
  readonly [Name in keyof Required<SplitInput>]: z.ZodType<SplitInput[Name]>;
} = {
  data: z.string().min(1).optional(),
  train: z.string().min(1).optional(),
  columns: z.array(z.string()).min(1).optional(),
  minWeight: z.number().min(0).optional(),
  test: z.string().min(1).optional(),
  holdOut: share.optional(),
  holdOutAfter: z
    .union([z.string(), z.number()])
    .refine((time) => timeOf(time) !== undefined, 'neither an ISO 8601 date nor a Unix time')
    .optional(),
  holdOutLatest: share.optional(),
  leaveLastOut: z.literal(true).optional(),
  folds: z.int().min(2).max(100).optional(),
};

const ways = ['test', 'holdOut', 'holdOutAfter', 'holdOutLatest', 'leaveLastOut', 'folds'] as const;
export type SplitWay = (typeof ways)[number];

/** A fault and its field; without a field, a fault of all together. */
export interface FieldFault {
  readonly field?: keyof SplitInput;
  readonly fault: string;
}

/** Why there is no one way to split. */
export function wayFaults(question: SplitInput, possible: readonly SplitWay[] = ways): FieldFault[] {
  const [first, ...others] = ways.filter((way) => question[way] !== undefined);
  if (first === undefined) return [{ fault: `names no way to split: give one of ${possible.join(', ')}` }];
  const fault = `there is ${first} already: a split is made in one way`;
  return others.map((field) => ({ field, fault }));
}

/** Why there is nothing to read or no one way to split it. Reads nothing. */
export function splitFaults(question: SplitInput, possible: readonly SplitWay[] = ways): FieldFault[] {
  const faults = wayFaults(question, possible);
  const { data, train, test, columns } = question;
  if (train === undefined && data === undefined) {
    faults.push({ fault: 'names no saves: give train, a file of them, or data, a data folder' });
  }
  if (train !== undefined && data !== undefined) {
    faults.push({ field: 'data', fault: 'there is train already: saves come from one place' });
  }
  if (train === undefined && test !== undefined) {
    faults.push({ field: 'test', fault: 'has the saves to find: name those that are known too, with train' });
  }
  if (train === undefined && columns !== undefined) {
    faults.push({ field: 'columns', fault: 'is for files: name one with train' });
  }
  for (const field of ['train', 'test', 'data'] as const) {
    const place: unknown = question[field];
    if (typeof place === 'string' && place !== '' && !existsSync(place))
      faults.push({ field, fault: `there is no ${place}` });
  }
  return faults;
}

/** For the refinement of a schema that has {@link savesFields}: why there is nothing to read or no one way to split it. */
export function tellSplitFaults(question: SplitInput, context: z.RefinementCtx): void {
  for (const { field, fault } of splitFaults(question)) {
    context.addIssue({ code: 'custom', path: field === undefined ? [] : [field], message: fault });
  }
}
