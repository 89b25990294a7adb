import { z } from 'zod';
import { interestEditFields } from '../../../graph-data/interests/index.ts';
import type { Immutable } from '../../base/index.ts';

const count = z.int().nonnegative();
const shownPins = z.array(z.strictObject({ pin: z.string(), title: z.string().nullable() }));

const summary = {
  id: z.string().describe('The same from build to build, as long as most of its pins are.'),
  parent: z.string().nullable().describe('The interest above; null for a root.'),
  name: z.string(),
};

const interest = z
  .strictObject({
    ...summary,
    words: z.array(z.string()).describe('Words that set it apart, best first.'),
    depth: z.int().min(1).describe('1 for a root.'),
    hidden: z.boolean(),
    merged: z.array(z.string()).describe('Ids that were merged into it, and stand for it.'),
    counts: z
      .strictObject({ pins: count, boards: count, saves: count, children: count })
      .describe('As of the build, descendants included.'),
    topPins: shownPins,
  })
  .meta({ id: 'Interest' });

export const interestResponse = z
  .strictObject({
    graphVersion: z.string(),
    ...interest.shape,
    edit: z.strictObject(interestEditFields).describe("The operator's edits, which the next edit replaces."),
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

export const personInterestsResponse = z
  .strictObject({
    user: z.string(),
    graphVersion: z.string(),
    saves: count.describe('Saves that were read.'),
    isTruncated: z.boolean().describe('Whether the person has more saves than were read.'),
    interests: z.array(
      z.strictObject({
        interest: z.string(),
        name: z.string(),
        parent: z.string().nullable(),
        weight: z
          .number()
          .describe(
            'Share of the pins that the walk of their feed finds, saved ones included. Without a walk, share of all saves, by age.',
          ),
        saves: count,
        boards: count,
        text: z.string().describe('The evidence in words.'),
        newestSaveAt: z.iso.datetime().nullable(),
        trend: z
          .enum(['rising', 'falling', 'steady'])
          .nullable()
          .describe('Its share of the latest 30 days against the time before; null with too few saves.'),
        pins: shownPins.describe('Their latest pins of this interest.'),
      }),
    ),
    tags: z
      .array(
        z.strictObject({
          tag: z.string(),
          weight: z.number().describe("The share of these pins' scores that pins with the tag have."),
        }),
      )
      .exactOptional()
      .describe(
        'With `tags`: those of the pins that they saved and that a walk from these finds, most likely first.',
      ),
    hidden: z
      .array(
        z.strictObject({
          interest: z.string(),
          name: z.string().nullable().describe('null if the graph does not have it.'),
        }),
      )
      .describe('Interests that the person has hidden; never used.'),
  })
  .meta({ id: 'PersonInterests' });

export const personInterestResponse = z
  .strictObject({ result: z.enum(['added', 'present', 'removed', 'absent']) })
  .meta({ id: 'PersonInterestResponse' });

export type PersonInterestsResponse = Immutable<z.output<typeof personInterestsResponse>>;
export type InterestResponse = Immutable<z.output<typeof interestResponse>>;
export type InterestsResponse = Immutable<z.output<typeof interestsResponse>>;
