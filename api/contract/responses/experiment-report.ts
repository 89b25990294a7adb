import { z } from 'zod';
import type { Immutable } from '../../base/index.ts';

const count = z.int().nonnegative();
const figure = z.number().nullable();

const effect = z
  .strictObject({
    difference: figure,
    standardError: figure,
    low: figure.describe('95 % interval, for one look at a time fixed in advance.'),
    high: figure,
    anyLook: z
      .strictObject({ low: figure, high: figure })
      .describe('95 % interval, valid at any time. Null: no data yet.'),
  })
  .describe('An arm minus the control.');

export const experimentReportResponse = z
  .strictObject({
    id: z.string(),
    state: z.enum(['planned', 'running', 'ended']),
    surface: z.string(),
    start: z.iso.datetime(),
    end: z.iso.datetime().nullable(),
    arms: z
      .array(
        z.strictObject({
          name: z.string(),
          share: z.number().describe('Intended.'),
          users: count.describe('People with an impression of the arm since the start.'),
          impressions: count,
        }),
      )
      .describe('The control is the first.'),
    inSeveralArms: count.describe('People with impressions of several arms, who are left out.'),
    sampleRatio: z.strictObject({
      pValue: z.number(),
      isOff: z
        .boolean()
        .describe('p < 0.001: people are not spread as intended, and no effect is to be trusted.'),
    }),
    metrics: z
      .array(
        z.strictObject({
          metric: z.string(),
          role: z.enum(['decides', 'guardrail']),
          controlValue: figure,
          effects: z.array(
            z.strictObject({
              arm: z.string(),
              value: figure,
              raw: effect,
              adjusted: effect
                .extend({ varianceReduction: figure })
                .nullable()
                .describe(
                  'By the same metric in the 28 days before the start (CUPED): it decides, where there is one.',
                ),
              pValue: z.number().describe('Always valid, and adjusted for the number of arms (Holm).'),
              verdict: z.enum(['higher', 'lower', 'undecided']),
              isHarm: z.boolean().describe('Of a guardrail: whether the verdict is harm.'),
              largest: figure.describe(
                'The largest difference that is not excluded, as a share of the value of the control.',
              ),
            }),
          ),
        }),
      )
      .describe('The one that decides is the first.'),
    days: z
      .array(
        z.strictObject({
          day: z.iso.date(),
          arms: z.array(z.strictObject({ name: z.string(), difference: figure, low: figure, high: figure })),
        }),
      )
      .describe(
        'The metric that decides at the end of each day, of the last 60: differences with the intervals for any look.',
      ),
    daysCounted: count.describe('Days that had to be counted anew.'),
  })
  .meta({ id: 'ExperimentReport' });

export type ExperimentReportResponse = Immutable<z.output<typeof experimentReportResponse>>;
