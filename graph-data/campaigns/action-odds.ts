import type { BilledAction } from './campaign.ts';
import type { CounterRow } from './place-rows.ts';

/** Probability that an impression brings the action, of campaigns that nothing is known of and where no model predicts it. */
const prior: Readonly<Record<BilledAction, number>> = { click: 0.01, save: 0.005 };
/** Actions that what was expected counts for against a campaign's own: 500 impressions with the prior of clicks. */
const strength = 5;
/** Impressions that nobody hid, which a campaign starts with. */
const quietImpressions = 100;
/** Each percent of hidden impressions takes ten off the quality, down to this. */
const [hidesWeight, qualityMin] = [10, 0.1] as const;

/** What an auction expects of a pin of a campaign. */
interface Odds {
  /** Before the campaign's own counts corrected it: what these are counted against. */
  readonly expected: number;
  /** Of the billed action, in (0, 1]. */
  readonly probability: number;
  /** In [0.1, 1]: 1 if nobody hid what it showed. */
  readonly quality: number;
}

/**
 * What a model predicts, or the prior, times the campaign's actions by those expected of its impressions so far, both shrunk by five:
 * predictions that are off for a campaign are put right by what it brings.
 */
export function oddsOf(
  per: BilledAction,
  predicted: number | undefined,
  { impressions, expected, actions, hides }: CounterRow,
): Odds {
  const own = Math.min(1, Math.max(1e-6, predicted ?? prior[per]));
  const corrected = (own * (actions + strength)) / (expected + strength);
  return {
    expected: own,
    probability: Math.min(1, corrected),
    quality: Math.max(qualityMin, 1 - (hidesWeight * hides) / (impressions + quietImpressions)),
  };
}
