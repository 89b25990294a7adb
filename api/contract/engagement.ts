import { z } from 'zod';
import { engagementGroups } from '../../graph-data/engagement/index.ts';
import { dayMs, nameLengthMax } from '../../graph-data/interactions/index.ts';
import { numberFromQuery } from './query-strings.ts';

const windowHoursMax = 24 * 30;
/** Days of a report. */
const daysMax = 400;

const day = z.iso.date();
const name = z.string().min(1).max(nameLengthMax).optional();

/** The query string of `GET /v1/reports/engagement`; `today`: in days since 1970. */
export const engagementParameters = z
  .strictObject({
    from: day.optional().describe('First day of the impressions, UTC. Default: 27 days before `to`.'),
    to: day.optional().describe('Last day of the impressions, UTC. Default: today.'),
    by: z
      .enum(engagementGroups)
      .default('surface')
      .describe(
        'The dimension of the rows. `community` and `popularity` (tenths of the pins by saves, 10 for the most saved) are those of the pin in the active snapshot.',
      ),
    windowHours: numberFromQuery(z.int().min(1).max(windowHoursMax).default(24)).describe(
      'How long after an impression an action counts.',
    ),
    touch: z
      .enum(['last', 'all'])
      .default('last')
      .describe(
        'Which impressions get credit for an action without a matching `recommendationId`: the last one within the window, or all.',
      ),
    dedupe: z
      .enum(['impression', 'none'])
      .default('impression')
      .describe(
        '`impression`: at most one action of each kind per impression counts; `none`: every action counts.',
      ),
    surface: name.describe('Only impressions of this surface.'),
    pipeline: name.describe('Only impressions of this pipeline.'),
    arm: name.describe('Only impressions of this arm.'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || daysIn(from, to) >= 1, {
    path: ['from'],
    message: 'is after `to`',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || daysIn(from, to) <= daysMax, {
    path: ['from'],
    message: `is more than ${daysMax} days before \`to\``,
  });

type EngagementParameters = z.output<typeof engagementParameters>;

function daysIn(from: string, to: string): number {
  return dayOf(to) - dayOf(from) + 1;
}

function dayOf(date: string): number {
  return Date.parse(date) / dayMs;
}

/** The days of a report, in days since 1970. */
export function daysOf({ from, to }: EngagementParameters, now: number): { from: number; to: number } {
  const last =
    to === undefined ? Math.max(Math.floor(now / dayMs), from === undefined ? 0 : dayOf(from)) : dayOf(to);
  return { from: Math.max(from === undefined ? last - 27 : dayOf(from), last - daysMax + 1), to: last };
}

const count = z.int().nonnegative();
const row = {
  impressions: count,
  actions: z
    .array(
      z.strictObject({
        kind: z.string(),
        impressions: count.describe('With such an action.'),
        actions: count.describe('Each once for every impression that it is credited to.'),
        value: z.number().describe('Sum of the values of these actions.'),
        rate: z
          .number()
          .describe('By `dedupe`: share of the impressions with such an action, or actions per impression.'),
        low: z.number().describe('95 % interval, clustered by person.'),
        high: z.number(),
        ofFirstRank: z
          .strictObject({ ratio: z.number(), low: z.number(), high: z.number() })
          .optional()
          .describe(
            'By rank: the rate divided by that of rank 1, with a 95 % interval. Missing where one of them is 0.',
          ),
      }),
    )
    .describe('By kind of action.'),
};

export const engagementResponse = z
  .strictObject({
    from: day,
    to: day,
    by: z.enum(engagementGroups),
    windowHours: z.int(),
    touch: z.enum(['last', 'all']),
    dedupe: z.enum(['impression', 'none']),
    total: z.strictObject(row),
    rows: z.array(
      z.strictObject({
        group: z
          .string()
          .nullable()
          .describe(
            'Null: the impressions name none, or the pin is not in the snapshot. Rank 51 stands for all beyond 50. A community is named by its most saved pin; `others` are all but the 50 largest.',
          ),
        ...row,
      }),
    ),
    uncredited: z
      .array(z.strictObject({ kind: z.string(), actions: count }))
      .describe('Actions of these days that no impression gets credit for, of all surfaces.'),
    daysCounted: count.describe('Days that had to be counted anew.'),
  })
  .meta({ id: 'EngagementResponse' });
