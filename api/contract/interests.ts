import { z } from 'zod';
import { interestEditFields, interestIdPattern } from '../../graph-data/interests/index.ts';
import type { Immutable } from '../base/index.ts';
import { numberFromQuery, booleanFromQuery } from './query-strings.ts';

const count = z.int().nonnegative();

/** With a length, for clients that do not read the pattern. */
const interestId = z.string().length(8).regex(interestIdPattern, 'is no id of an interest');
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

const summary = {
  id: z.string().describe('The same from build to build, as long as most of its pins are.'),
  parent: z.string().nullable().describe('The interest above; null for a root.'),
  name: z.string(),
};

const interest = z
  .strictObject({
    ...summary,
    words: z.array(z.string()).describe('What sets it apart, best first.'),
    depth: z.int().min(1).describe('1 for a root.'),
    hidden: z.boolean(),
    merged: z.array(z.string()).describe('Ids that were merged into it, and stand for it.'),
    counts: z
      .strictObject({ pins: count, boards: count, saves: count, children: count })
      .describe('Of the build, with all below it.'),
    topPins: z.array(z.strictObject({ pin: z.string(), title: z.string().nullable() })),
  })
  .meta({ id: 'Interest' });

export const interestResponse = z
  .strictObject({
    graphVersion: z.string(),
    ...interest.shape,
    above: z.array(z.strictObject({ id: z.string(), name: z.string() })).describe('From the root down.'),
    children: z.array(z.strictObject({ id: z.string(), name: z.string(), pins: count })),
  })
  .meta({ id: 'InterestResponse' });

export const interestsResponse = z
  .strictObject({
    graphVersion: z.string(),
    interests: z.array(interest).describe('Depth first, siblings by saves.'),
    nextCursor: z.string().nullable().describe('The cursor of the next page; null on the last page'),
  })
  .meta({ id: 'InterestsResponse' });

export type InterestRequest = Immutable<z.output<typeof interestRequest>>;
export type InterestResponse = Immutable<z.output<typeof interestResponse>>;
export type InterestsResponse = Immutable<z.output<typeof interestsResponse>>;
