import type { BilledAction } from '../base/index.ts';
import type { CounterRow } from './place-rows.ts';

/** Probability that an impression brings the action, for campaigns without a history where no model predicts it. */
const prior: Readonly<Record<BilledAction, number>> = { click: 0.01, save: 0.005 };
/**
 * Number of actions that the expectation weighs against a campaign's own. Campaigns differ less from a model's prediction than from the
 * same prior for all, where 5 clicks are 500 impressions; 20 was chosen on KuaiRand (docs/promoted-pins-study.md).
 */
const strength = { model: 20, prior: 5 } as const;
/** Log odds are finite. */
const margin = 1e-6;
/** Predictions that differ more than that are near 0 and 1, where a move of log odds says little. */
const spreadMax = 2;
/** Impressions that nobody hid, which a campaign starts with. */
const quietImpressions = 100;
/** Each percent of hidden impressions takes ten off the quality, down to this. */
const [hidesWeight, qualityMin] = [10, 0.1] as const;

/** An auction's expectation of a pin of a campaign. */
interface Odds {
  /** Before the campaign's own counts corrected it: what these are counted against. */
  readonly expected: number;
  /** Of the billed action, in (0, 1]. */
  readonly probability: number;
  /** In [0.1, 1]: 1 if nobody hid a shown pin. */
  readonly quality: number;
}

/**
 * A model's prediction, or the prior, corrected by the campaign's own actions, which removes a bias of the
 * predictions for this campaign. The rate q that was expected of its impressions is a Beta prior with the
 * weight of `strength` actions. The log odds of each prediction move by those of the posterior mean minus those
 * of q, times n q(1 − q) / Σ p(1 − p): the more the predictions differ, the less a move of each of them moves
 * their mean. So a small prediction is multiplied by (actions + strength) / (expected + strength), and none
 * exceeds 1.
 */
export function oddsOf(per: BilledAction, predicted: number | undefined, counters: CounterRow): Odds {
  const own = within(predicted ?? prior[per]);
  return {
    expected: own,
    probability:
      counters.impressions === 0
        ? own
        : within(1 / (1 + Math.exp(-logit(own) - movedBy(counters, predicted !== undefined)))),
    quality: Math.max(
      qualityMin,
      1 - (hidesWeight * counters.hides) / (counters.impressions + quietImpressions),
    ),
  };
}

/** How far the log odds of a campaign's predictions move. */
function movedBy({ impressions, expected, variance, actions }: CounterRow, isPredicted: boolean): number {
  const weight = isPredicted ? strength.model : strength.prior;
  const rate = within(expected / impressions);
  const [yes, no] = [actions + weight, Math.max(0, impressions - actions) + (weight * (1 - rate)) / rate];
  const spread = Math.min(spreadMax, (impressions * rate * (1 - rate)) / variance);
  return spread * (Math.log(yes / no) - logit(rate));
}

function within(probability: number): number {
  return Math.min(1 - margin, Math.max(margin, probability));
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
