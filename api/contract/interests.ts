import { z } from 'zod';
import { interestEditFields, interestIdPattern } from '../../graph-data/interests/index.ts';
import type { Immutable } from '../base/index.ts';
import { booleanFromQuery, numberFromQuery } from './query-strings.ts';
import { storedKeySchema } from './writes/index.ts';

/** The lengths are for clients that do not read the pattern: a second check would give two faults for one mistake. */
const interestId = z
  .string()
  .regex(interestIdPattern, 'is not the id of an interest')
  .meta({ minLength: 8, maxLength: 8 });
export const interestPath = z.strictObject({ interest: interestId });

const pinsShown = numberFromQuery(
  z.int().min(0).max(24).default(5).describe('Most saved pins shown with each interest.'),
);
export const interestParameters = z.strictObject({ pins: pinsShown });
export const interestsParameters = z.strictObject({
  limit: numberFromQuery(z.int().min(1).max(200).default(100)),
  cursor: z.string().max(200).optional(),
  parent: interestId.optional().describe('Only the children of this one.'),
  depth: numberFromQuery(z.int().min(1).max(16).default(16)).describe('Levels shown, from the roots.'),
  hidden: booleanFromQuery(z.boolean().default(false)).describe('Whether to list hidden ones too.'),
  pins: pinsShown,
});

export const interestRequest = z
  .strictObject(interestEditFields)
  .meta({ id: 'InterestRequest', examples: [{ name: 'Web servers' }, { hidden: true }] });

export const personInterestPath = z.strictObject({ user: storedKeySchema, interest: interestId });
export const personInterestsParameters = z.strictObject({
  limit: numberFromQuery(z.int().min(1).max(200).default(20)),
  tags: numberFromQuery(
    z
      .int()
      .min(0)
      .max(50)
      .default(0)
      .describe('Maximum number of tags to predict by the walk from their saves.'),
  ),
});
export const personInterestRequest = z
  .strictObject({ hidden: z.boolean().describe('Whether the person hides it.') })
  .meta({ id: 'PersonInterestRequest', examples: [{ hidden: true }] });

export type InterestRequest = Immutable<z.output<typeof interestRequest>>;
