import { z } from 'zod';
import type { Immutable } from '../base/index.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const bound = z.union([z.number(), z.string()]).optional();
const fieldFilter = z.union([
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
]);

export const filterSchema = z
  .record(z.string().min(1).max(200), fieldFilter)
  .refine((filter) => Object.keys(filter).length <= 32, 'has over 32 fields')
  .describe(
    'Conditions by field (`title`, `url`, … or the name of an attribute), all of which must hold. A plain value must be equal.',
  );

export type Scalar = z.output<typeof scalar>;
export type FieldFilter = Immutable<z.output<typeof fieldFilter>>;
/** Conditions by field, all of which must hold. */
export type Filter = Readonly<Record<string, FieldFilter>>;
