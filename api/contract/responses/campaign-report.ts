import { z } from 'zod';
import type { Immutable } from '../../base/index.ts';

const count = z.int().nonnegative();
const micros = z.int().nonnegative().describe('In millionths of the currency.');
const time = z.iso.datetime();
const estimate = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .nullable()
  .describe('With a 95 % interval. Null: unknown.');

const counts = {
  impressions: count,
  clicks: count.describe('On a promoted pin, within 24 hours; each impression once.'),
  saves: count,
  hides: count,
  spentMicros: micros,
  reach: count.describe('People who were shown it.'),
};

export const campaignReportResponse = z
  .strictObject({
    id: z.string(),
    ...counts,
    frequency: z.number().nullable().describe('Impressions by person.'),
    clickRate: estimate,
    saveRate: estimate,
    costPerActionMicros: estimate.describe('Of the action that it pays for, charged or not.'),
    prediction: z
      .strictObject({ expected: z.number(), actual: count })
      .describe('Expected billed actions, as predicted at the auctions, and actual ones.'),
    uncharged: z
      .record(z.string(), count)
      .describe('Actions that cost nothing, by the reason: `late`, `flood`, `over-budget`, `not-billed`.'),
    days: z.array(z.strictObject({ day: z.iso.date(), ...counts })).describe('Of its zone, the latest 400.'),
    interests: z
      .array(
        z.strictObject({
          interest: z
            .string()
            .nullable()
            .describe("Id of the main interest of the request's results; null: none."),
          name: z.string().nullable().describe('Null: the graph has it no more.'),
          impressions: count,
          clicks: count,
          saves: count,
          spentMicros: micros,
          reach: counts.reach,
          clickRate: estimate,
          saveRate: estimate,
          costPerActionMicros: estimate,
        }),
      )
      .describe(
        "By the main interest of the request's results, the 100 with the most impressions; kept impressions only.",
      ),
    surfaces: z.array(z.strictObject({ surface: z.string().nullable(), ...counts })),
    lift: z
      .strictObject({
        exposed: count.describe('People who were shown it.'),
        heldOut: count.describe('People of the holdout who would have been shown it.'),
        actionsPerExposed: z.number(),
        actionsPerHeldOut: z.number(),
        difference: estimate.describe('Billed actions on its pins by person, from the first impression on.'),
        relative: estimate,
        incrementalActions: estimate,
        costPerIncrementalActionMicros: z
          .number()
          .nullable()
          .describe('Null unless the interval of the difference is above 0.'),
        sampleRatioPValue: z.number().describe('Below 0.001, the two sides do not compare.'),
      })
      .nullable()
      .describe('Ghost ads. Null without a holdout, or with under two people on a side.'),
    pacing: z
      .array(z.strictObject({ at: time, participation: z.number(), spentTodayMicros: micros }))
      .describe("By quarter of an hour: the share of auctions that it enters, and the day's spend so far."),
    auctions: z
      .array(
        z.strictObject({
          at: time,
          user: z.string(),
          pin: z.string(),
          surface: z.string().nullable(),
          rank: count,
          bidMicros: micros,
          priceMicros: micros.describe('What its action costs.'),
          priceSetBy: z.enum(['next', 'reserve']),
          probability: z.number().describe('Probability of the billed action, as predicted at the auction.'),
          quality: z.number(),
          relevance: z.number(),
          interest: z
            .string()
            .nullable()
            .describe("Name of the main interest of the request's results. Null: none."),
          beat: z.string().nullable().describe('The highest campaign that it outbid. Null: none.'),
        }),
      )
      .describe('The latest 20 impressions: why each was shown, and its price.'),
  })
  .meta({ id: 'CampaignReport' });

export type CampaignReportResponse = Immutable<z.output<typeof campaignReportResponse>>;
