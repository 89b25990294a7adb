import { z } from 'zod';
import type { Immutable } from '../base/index.ts';
import { atMostNames } from './at-most-names.ts';

const fieldsMax = 32;
/** Longer than an address of a web page. */
const valueLengthMax = 4_096;

const text = z.string().max(valueLengthMax);
const scalar = z.union([text, z.number(), z.boolean()]);
const bound = z.union([z.number(), text]).optional();
const operators = {
  lt: bound,
  lte: bound,
  gt: bound,
  gte: bound,
  in: z.array(scalar).min(1).max(1000).optional(),
  not: scalar.optional(),
  exists: z.boolean().optional(),
};
const operatorNames = Object.keys(operators).join(', ');
const conditions = z
  .strictObject(operators, {
    error: ({ code }) => (code === 'unrecognized_keys' ? `the operators are ${operatorNames}` : undefined),
  })
  .refine((given) => Object.keys(given).length > 0, {
    error: `has no condition: the operators are ${operatorNames}`,
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ minProperties: 1 });
const fieldFilter = z.union([text, z.number(), z.boolean(), conditions], {
  error: `must be a text, a number, true, false, or an object of conditions: ${operatorNames}`,
});

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
