import { z } from 'zod';

const time = z.iso.datetime();
const figure = z.number().nullable();

const consideredPin = z.strictObject({
  pin: z.string(),
  source: z
    .enum(['feed', 'popular', 'interest', 'board'])
    .describe('`interest`: a new pin of one of their interests; `board`: a fresh save on a board that they follow.'),
  of: z.string().exactOptional().describe('Id of that interest, or key of that board.'),
  score: z.number().describe('Of the pipeline; 0 if it has not found the pin.'),
  open: z.number().describe('Probability of a click or a save, if it is sent.'),
}); // prettier-ignore

const decided = {
  channel: z.string(),
  suppressedBy: z.string().nullable().describe('The rule against it (docs/notifications.md); null: it is sent.'),
  value: figure.describe('Value of the notification, in clicks; null if no pin was scored.'),
  threshold: figure.describe("The threshold that it had to exceed; null if there was nothing to compare, or the week's budget is spent."),
  propensity: figure.describe('Probability of the decision.'),
}; // prettier-ignore

export const notificationPlanResponse = z
  .strictObject({
    user: z.string(),
    at: time,
    decision: z
      .strictObject({
        ...decided,
        sendAt: time.nullable().describe('The best time of the next 24 hours; null if none is allowed.'),
        hour: z.int().nullable().describe("Of the person's clock."),
        held: z.boolean().describe('Whether it would be held until quiet hours end, and scored again then.'),
        title: z.string().nullable(),
        text: z.string().nullable(),
        template: z
          .strictObject({ name: z.string(), propensity: z.number() })
          .nullable()
          .describe('The chosen template, and the probability of that choice.'),
        pins: z.array(consideredPin).describe('Best first, five at most.'),
        unsubscribe: figure.describe('Probability that it makes the person unsubscribe.'),
        contributions: z
          .array(z.strictObject({ feature: z.string(), logOdds: z.number() }))
          .describe('What each feature of the first pin adds to the log odds of `open`.'),
      })
      .nullable()
      .describe('The decision that a plan would make now; null for somebody without a usable channel.'),
    recent: z
      .array(
        z.strictObject({
          ...decided,
          id: z.string(),
          campaign: z.string(),
          window: z.string(),
          state: z.string(),
          pins: z.array(z.string()),
          title: z.string(),
          decidedAt: time,
          notBefore: time,
          explored: z.boolean().describe('Whether chance decided.'),
        }),
      )
      .describe('Decisions for this person, newest first, at most 50. Those that were held back are kept for 7 days.'),
    week: z
      .strictObject({
        window: z.string().describe('Of the last plan.'),
        budget: z.int().describe('Notifications of all people in a week.'),
        planned: z.int().describe('Of these, so far.'),
        threshold: figure.describe('The minimum value of the next notification; null once the budget is spent.'),
        people: z.int(),
        done: z.int().describe('Of these, how many the last plan has decided for.'),
      })
      .nullable()
      .describe('Volume against budget; null before the first plan.'),
  })
  .meta({ id: 'NotificationPlan' }); // prettier-ignore

export type NotificationPlanResponse = z.output<typeof notificationPlanResponse>;
