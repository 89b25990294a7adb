import { z } from 'zod';
import type { Immutable } from '../base/index.ts';
import { atMostNames } from './at-most-names.ts';

const fieldsMax = 32;
/** Longer than an address of a web page. */
const valueLengthMax = 4_096;

const text = z.string().max(valueLengthMax);
const scalar = z.union([text, z.number(), z.boolean()]);
const bound = z.union([z.number(), text]).optional();
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
    .refine((conditions) => Object.keys(conditions).length > 0, 'has no condition')
    .meta({ minProperties: 1 }),
]);

export const filterSchema = atMostNames(
  z.record(z.string().min(1).max(200), fieldFilter),
  fieldsMax,
  `has over ${fieldsMax} fields`,
).describe(
  'Conditions by field: `title`, `url`, … or the name of an attribute. An item must meet every condition; a plain value means equality.',
);

export type Scalar = z.output<typeof scalar>;
export type FieldFilter = Immutable<z.output<typeof fieldFilter>>;
/** Conditions by field; an item must meet every one. */
export type Filter = Readonly<Record<string, FieldFilter>>;
