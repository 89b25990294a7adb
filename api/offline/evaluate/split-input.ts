import { z } from 'zod';
import { type FileOptions, fileExists, fileFormats, timeOf } from '../../../graph-data/index.ts';

/**
 * Which saves to read and how to split them: `train` (a file of saves) or `data` (a data folder), and exactly one split
 * option (docs/evaluation.md).
 */
export interface SplitInput extends Omit<FileOptions, 'boardPrefix'> {
  readonly data?: string | undefined;
  readonly train?: string | undefined;
  /** Only saves of at least this weight. */
  readonly minWeight?: number | undefined;
  /** Split option: a file of held-out saves, for published splits. */
  readonly test?: string | undefined;
  /** Split option: hold out this share of each board's saves, drawn by the seed. */
  readonly holdOut?: number | undefined;
  /** Split option: hold out all saves from this time on, an ISO 8601 date or a Unix time. */
  readonly holdOutAfter?: string | number | undefined;
  /** Split option: hold out the latest share of all saves. */
  readonly holdOutLatest?: number | undefined;
  /** Split option: hold out the last save of each board. */
  readonly leaveLastOut?: true | undefined;
  /** Split option: hold out every save once, in this many folds. */
  readonly folds?: number | undefined;
}

const fileFields = {
  format: z.enum(fileFormats).optional(),
  columns: z.array(z.string()).min(1).optional(),
  header: z.boolean().optional(),
  delimiter: z.string().min(1).optional(),
  encoding: z.string().min(1).optional(),
  skip: z.int().min(0).optional(),
  dateFormat: z.string().min(1).optional(),
};

const fileFieldNames = Object.keys(fileFields) as (keyof typeof fileFields)[];

const share = z.number().gt(0).lt(1);

/** The fields of a {@link SplitInput}, for schemas that include them; {@link addSplitFaults} checks their combination. */
export const savesFields: {
  readonly [Name in keyof Required<SplitInput>]: z.ZodType<SplitInput[Name]>;
} = {
  data: z.string().min(1).optional(),
  train: z.string().min(1).optional(),
  ...fileFields,
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

const splitNames = ['test', 'holdOut', 'holdOutAfter', 'holdOutLatest', 'leaveLastOut', 'folds'] as const;
export type SplitName = (typeof splitNames)[number];

/** A fault of a field; without `field`, a fault of the combination. */
export interface FieldFault {
  readonly field?: keyof SplitInput;
  readonly fault: string;
}

/** The faults of an input without exactly one split option. */
export function splitOptionFaults(
  input: SplitInput,
  allowed: readonly SplitName[] = splitNames,
): FieldFault[] {
  const [first, ...others] = splitNames.filter((name) => input[name] !== undefined);
  if (first === undefined) return [{ fault: `no split option: set one of ${allowed.join(', ')}` }];
  const fault = `conflicts with ${first}: set only one split option`;
  return others.map((field) => ({ field, fault }));
}

/** The faults of the split option and of the source of saves. Reads nothing, but checks that files exist. */
export function splitFaults(input: SplitInput, allowed: readonly SplitName[] = splitNames): FieldFault[] {
  const faults = splitOptionFaults(input, allowed);
  const { data, train, test } = input;
  if (train === undefined && data === undefined) {
    faults.push({ fault: 'no saves: set train (a file of saves) or data (a data folder)' });
  }
  if (train !== undefined && data !== undefined) {
    faults.push({ field: 'data', fault: 'conflicts with train: set only one of the two' });
  }
  if (train === undefined && test !== undefined) {
    faults.push({ field: 'test', fault: 'needs train, the file of known saves' });
  }
  for (const field of fileFieldNames) {
    if (train === undefined && input[field] !== undefined) {
      faults.push({ field, fault: 'needs train: applies to files only' });
    }
  }
  for (const field of ['train', 'test', 'data'] as const) {
    const place: unknown = input[field];
    if (typeof place === 'string' && place !== '' && !fileExists(place))
      faults.push({ field, fault: `${place} does not exist` });
  }
  return faults;
}

/** The options for reading the files of an input. */
export function fileOptionsOf(input: SplitInput): FileOptions {
  return Object.fromEntries(fileFieldNames.map((name) => [name, input[name]]));
}

/** A refinement for schemas with {@link savesFields}: adds the {@link splitFaults}. */
export function addSplitFaults(input: SplitInput, context: z.RefinementCtx): void {
  for (const { field, fault } of splitFaults(input)) {
    context.addIssue({ code: 'custom', path: field === undefined ? [] : [field], message: fault });
  }
}
