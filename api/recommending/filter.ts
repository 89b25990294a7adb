import { z } from 'zod';
import type { NodeRow } from '../../graph-data/index.ts';

type Scalar = string | number | boolean;

/** A wish for one field: a value that it has to have, or conditions that all have to hold. */
export type FieldFilter =
  | Scalar
  | {
      readonly lt?: number | string | undefined;
      readonly lte?: number | string | undefined;
      readonly gt?: number | string | undefined;
      readonly gte?: number | string | undefined;
      readonly in?: readonly Scalar[] | undefined;
      readonly not?: Scalar | undefined;
      readonly exists?: boolean | undefined;
    };

/** Conditions by field (`title`, `url`, … or an attribute's name); all have to hold. */
export type Filter = Readonly<Record<string, FieldFilter>>;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const bound = z.union([z.number(), z.string()]).optional();

export const filterSchema: z.ZodType<Filter> = z
  .record(
    z.string().min(1).max(200),
    z.union([
      scalar,
      z
        .strictObject({
          lt: bound,
          lte: bound,
          gt: bound,
          gte: bound,
          in: z.array(scalar).min(1).max(1000).optional(),
          not: scalar.optional(),
          exists: z.boolean().optional(),
        })
        .refine((conditions) => Object.keys(conditions).length > 0, 'has no condition'),
    ]),
  )
  .refine((filter) => Object.keys(filter).length <= 32, 'has over 32 fields')
  .describe(
    "Conditions by field (`title`, `url`, … or an attribute's name); all have to hold. A value is one to be equal to.",
  );

/**
 * A filter as one function of a node's row, compiled once a request. A field that holds a list meets `=`, `in` and
 * `not` by any (for `not`: by none) of its elements; numbers compare with numbers, strings with strings by code
 * unit, anything else never. One that lacks the field meets `not` and `exists: false` alone.
 */
export function compileFilter(filter: Filter): (row: NodeRow) => boolean {
  const tests = Object.entries(filter).map(([field, wish]) => ({ field, test: compileField(wish) }));
  return (row) => tests.every(({ field, test }) => test(valueOf(row, field)));
}

/** A field of a node: a column of its own first, then an attribute. */
function valueOf(row: NodeRow, field: string): unknown {
  const { attributes, ...columns } = row;
  const value = Object.hasOwn(columns, field) ? columns[field as keyof typeof columns] : undefined;
  return value ?? (Object.hasOwn(attributes, field) ? attributes[field] : undefined) ?? undefined;
}

function compileField(wish: FieldFilter): (value: unknown) => boolean {
  if (typeof wish !== 'object') return (value) => has(value, wish);
  const { lt, lte, gt, gte, in: some, not, exists } = wish;
  const tests: ((value: unknown) => boolean)[] = [];
  if (lt !== undefined) tests.push((value) => compare(value, lt) < 0);
  if (lte !== undefined) tests.push((value) => compare(value, lte) <= 0);
  if (gt !== undefined) tests.push((value) => compare(value, gt) > 0);
  if (gte !== undefined) tests.push((value) => compare(value, gte) >= 0);
  if (some !== undefined) tests.push((value) => some.some((each) => has(value, each)));
  if (not !== undefined) tests.push((value) => !has(value, not));
  if (exists !== undefined) tests.push((value) => (value !== undefined) === exists);
  return (value) => tests.every((test) => test(value));
}

function has(value: unknown, wished: Scalar): boolean {
  return Array.isArray(value) ? value.includes(wished) : value === wished;
}

/** Below 0, 0 or above 0; NaN, which no comparison holds for, when the two are not of one kind. */
function compare(value: unknown, limit: number | string): number {
  if (typeof value === 'number' && typeof limit === 'number') return value - limit;
  if (typeof value === 'string' && typeof limit === 'string')
    return value < limit ? -1 : Number(value > limit);
  return NaN;
}
