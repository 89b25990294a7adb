import { z } from 'zod';

export type Scalar = string | number | boolean;

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
