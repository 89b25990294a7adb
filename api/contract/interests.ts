import { z } from 'zod';
import { interestEditFields, interestIdPattern } from '../../graph-data/interests/index.ts';
import type { Immutable } from '../base/index.ts';
import { booleanFromQuery, numberFromQuery } from './query-strings.ts';
import { storedKeySchema } from './write-requests.ts';

/** With a length, for clients that do not read the pattern. */
const interestId = z.string().length(8).regex(interestIdPattern, 'is not the id of an interest');
export const interestPath = z.strictObject({ interest: interestId });

const pinsShown = numberFromQuery(
  z.int().min(0).max(24).default(5).describe('Most saved pins shown with each interest.'),
);
export const interestParameters = z.strictObject({ pins: pinsShown });
export const interestsParameters = z.strictObject({
  limit: numberFromQuery(z.int().min(1).max(200).default(100)),
  cursor: z.string().max(200).optional(),
  parent: interestId.optional().describe('Only those right below this one.'),
  depth: numberFromQuery(z.int().min(1).max(16).default(16)).describe('Levels shown, from the roots.'),
  hidden: booleanFromQuery(z.boolean().default(false)).describe('Whether hidden ones are listed too.'),
  pins: pinsShown,
});

export const interestRequest = z
  .strictObject(interestEditFields)
  .meta({ id: 'InterestRequest', examples: [{ name: 'Web servers' }, { hidden: true }] });

export const personInterestPath = z.strictObject({ user: storedKeySchema, interest: interestId });
export const personInterestsParameters = z.strictObject({
  limit: numberFromQuery(z.int().min(1).max(200).default(20)),
  tags: numberFromQuery(
    z.int().min(0).max(50).default(0).describe('Tags that the walk from their saves predicts, at most.'),
  ),
});
export const personInterestRequest = z
  .strictObject({ hidden: z.boolean().describe('Whether the person does not want it to be used.') })
  .meta({ id: 'PersonInterestRequest', examples: [{ hidden: true }] });

export type InterestRequest = Immutable<z.output<typeof interestRequest>>;
