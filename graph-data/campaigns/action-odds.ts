import type { BilledAction } from './campaign.ts';
import type { CounterRow } from './place-rows.ts';

/** Probability that an impression brings the action, of campaigns that nothing is known of and where no model predicts it. */
const prior: Readonly<Record<BilledAction, number>> = { click: 0.01, save: 0.005 };
/**
 * Actions that what was expected counts for against a campaign's own. Campaigns differ less from the prediction of a model than from the
 * same prior for all, where 5 clicks are 500 impressions; 20 was chosen on KuaiRand (docs/promoted-pins-study.md).
 */
const strength = { model: 20, prior: 5 } as const;
/** Log odds are finite. */
const margin = 1e-6;
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
 * What a model predicts, or the prior, corrected by what the campaign brought: predictions that are off for it are put right. The rate q that was expected of its
 * impressions is a Beta prior that weighs `strength` actions; the log odds of the prediction move by those of its posterior mean less those of q. So where a
 * prediction is small, it is multiplied by (actions + strength) / (expected + strength), and it never exceeds 1.
 */
export function oddsOf(
  per: BilledAction,
  predicted: number | undefined,
  { impressions, expected, actions, hides }: CounterRow,
): Odds {
  const own = within(predicted ?? prior[per]);
  return {
    expected: own,
    probability: impressions === 0 ? own : corrected(),
    quality: Math.max(qualityMin, 1 - (hidesWeight * hides) / (impressions + quietImpressions)),
  };

  function corrected(): number {
    const weight = predicted === undefined ? strength.prior : strength.model;
    const rate = within(expected / impressions);
    const [yes, no] = [actions + weight, Math.max(0, impressions - actions) + (weight * (1 - rate)) / rate];
    const odds = ((own / (1 - own)) * (yes / no)) / (rate / (1 - rate));
    return odds / (1 + odds);
  }
}

function within(probability: number): number {
  return Math.min(1 - margin, Math.max(margin, probability));
}
