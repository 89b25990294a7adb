import { z } from 'zod';
import type { RuledOutBy } from '../../../graph-data/campaigns/index.ts';
import type { Immutable } from '../../base/index.ts';

/** Why a promoted slot of a page is not filled. */
const unfilledReasons = {
  'no-campaign': 'there is none',
  unavailable: 'campaigns cannot be read or written now',
  'short-list': 'the list ends before the slot',
  'no-match': 'no campaign suits the request, by surface, targets and relevance',
  'ruled-out': 'those that suit it may not be shown: `ruledOut` counts them',
  'too-few': 'those that suit it stand in other slots, or are in `ruledOut`',
} as const;

/** Why a campaign that suits a request is not shown. */
const ruledOutReasons: Readonly<Record<RuledOutBy, string>> = {
  paused: 'it is paused',
  'not-running': 'it has not begun, or has ended',
  reserve: 'its bid is below the reserve',
  budget: 'the rest of a budget is below the bid',
  pacing: 'it sits this auction out',
  'frequency-cap': 'the person has met it often enough',
  attributes: 'it is for other people',
  'saved-or-hidden': 'the person saved or hid its pins',
  holdout: 'the person is of its holdout',
};

const listed = (reasons: Readonly<Record<string, string>>): string =>
  Object.entries(reasons)
    .map(([reason, meaning]) => `${reason}: ${meaning}`)
    .join('; ');

export const promotedSummary = z
  .strictObject({
    unfilled: z.array(
      z.strictObject({
        slot: z.int().min(1),
        reason: z
          .enum(Object.keys(unfilledReasons) as [keyof typeof unfilledReasons])
          .describe(listed(unfilledReasons)),
      }),
    ),
    ruledOut: z
      .partialRecord(z.enum(Object.keys(ruledOutReasons) as [RuledOutBy]), z.int().min(1))
      .describe(`Campaigns that suit the request and were looked at. ${listed(ruledOutReasons)}`),
  })
  .meta({ id: 'PromotedSummary' });
export type PromotedSummary = Immutable<z.output<typeof promotedSummary>>;
