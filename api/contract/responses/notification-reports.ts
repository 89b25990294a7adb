import { z } from 'zod';

const share = z.number().min(0).max(1);

const counts = {
  sent: z.int().nonnegative(),
  opened: z.int().nonnegative().describe('Mail proxies inflate it.'),
  clicked: z.int().nonnegative().describe('With a click or a save.'),
};

const figure = z.number().nullable();
const interval = { low: figure, high: figure };

const holdoutMetric = z.strictObject({
  metric: z
    .string()
    .describe('`active-days`: with an interaction outside notifications; `actions`: clicks and saves, also by notifications.'),
  heldOut: figure.describe('Of a person, in the mean.'),
  notified: figure,
  difference: figure.describe("Adjusted for people's activity in the 28 days before the first plan (CUPED), where known."),
  ...interval,
  anyLook: z
    .strictObject(interval)
    .describe('95 % interval, valid at any time; `low` and `high` are for a single look, fixed in advance. Null: unknown.'),
}); // prettier-ignore

export const notificationReportResponse = z
  .strictObject({
    from: z.iso.date(),
    to: z.iso.date(),
    total: z.strictObject(counts),
    waiting: z.int().nonnegative().describe('Decided on these days and still to be sent.'),
    heldBack: z
      .array(z.strictObject({ rule: z.string(), count: z.int().positive() }))
      .describe('Notifications held back, by rule, most frequent first.'),
    rules: z.record(z.string(), z.string()).describe('Meaning of each rule.'),
    volume: z
      .array(
        z.strictObject({
          campaign: z.string(),
          window: z.string(),
          people: z.int().nonnegative(),
          budget: z.int().nonnegative().describe('Notifications of all people in the week.'),
          planned: z.int().nonnegative().describe('Of these, up to the end of the window.'),
          threshold: z.number().nullable().describe('Null once the budget is spent.'),
        }),
      )
      .describe('The plans of these days, in their order.'),
    holdout: z
      .strictObject({
        campaign: z.string(),
        from: z.iso.date().describe('The first day that counts: not before that of the first plan.'),
        heldOut: z.int().nonnegative().describe('People who receive nothing.'),
        notified: z.int().nonnegative().describe('People who may be notified.'),
        sampleRatio: z.strictObject({
          pValue: z.number(),
          isOff: z.boolean().describe('p < 0.001: people are not spread as intended, and no difference is to be trusted.'),
        }),
        metrics: z.array(holdoutMetric),
      })
      .nullable()
      .describe('The effect of sending: people who may be notified against the holdout. Null without a holdout.'),
    calibration: z
      .array(z.strictObject({ sent: z.int().positive(), predicted: share, observed: share }))
      .describe(
        'Predicted and observed clicks of the notifications that were sent more than a day ago, in up to ten bins of about equally many.',
      ),
    hours: z
      .array(z.strictObject({ hour: z.int().min(0).max(23), ...counts }))
      .length(24)
      .describe('By the hour, on the clock of the person, at which they were sent.'),
  })
  .meta({ id: 'NotificationReport' }); // prettier-ignore

export type NotificationReportResponse = z.output<typeof notificationReportResponse>;
