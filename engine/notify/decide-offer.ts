import { decideSend } from './explore-sends.ts';
import { type SendPrediction, sendValue } from './send-value.ts';
import type { VolumeControl } from './volume-control.ts';

/** What decides an offer beside its value. */
export interface OfferContext {
  /** Opens that a person who leaves would still have given. */
  readonly unsubscribeCost: number;
  /** Share of the offers that chance decides, in [0, 0.5]. */
  readonly exploreShare: number;
  /** Share of all offers that the budget allows, in [0, 1]. */
  readonly sendShare: number;
  /** Share of the week's offers before this one, in [0, 1]. */
  readonly progress: number;
  /** A draw in [0, 1), independent for each offer. */
  readonly unit: number;
}

/**
 * Chance decides between values that differ by less. Without it, a threshold sends to all or none of the people
 * with equal values, which all people have before anything is learned. As wide as a bin of the {@link
 * VolumeControl}.
 */
const tieSpread = 0.018;

/** Whether a notification is sent, and by what. */
export interface OfferDecision {
  /** In opens, within 0.9 %. */
  readonly value: number;
  /** The threshold that it had to exceed; Infinity once the budget is spent. */
  readonly threshold: number;
  readonly isSent: boolean;
  readonly propensity: number;
  /** Whether chance decided. */
  readonly isExplored: boolean;
  readonly isSpent: boolean;
}

/** The outcome of an offer for which no possible pin is worth sending. */
export interface EarlyDecision {
  /** Upper bound of its value, over all pins. */
  readonly valueMax: number;
  readonly threshold: number;
  readonly isHeldBack: boolean;
  /** Of holding back, if it is. */
  readonly propensity: number;
}

/**
 * Holds an offer back before its pin is looked for, which takes most of a plan: if it is not worth the threshold with the best pin that there
 * may be ({@link SendLearner.best}), {@link decideOffer} would hold it back with any. Then counts it at a share `reached` of that value,
 * as offers with a pin come to. Not if chance decides. O(1), amortised.
 */
export function holdBackEarly(
  best: SendPrediction,
  { unsubscribeCost, exploreShare, sendShare, progress, unit }: OfferContext,
  reached: number,
  volume: Pick<VolumeControl, 'threshold' | 'offered' | 'isSpent'>,
): EarlyDecision {
  const valueMax = spreadTies(sendValue(best, unsubscribeCost), unit);
  const threshold = volume.threshold(progress);
  const { isSpent } = volume;
  const isHeldBack = isSpent || (unit >= exploreShare && valueMax <= threshold);
  if (isHeldBack) volume.offered(valueMax * reached, false);
  return { valueMax, threshold, isHeldBack, propensity: isSpent ? 1 : 1 - exploreShare * sendShare };
}

/**
 * Decides one offer by its value against the threshold of the week, or by chance where it explores, and counts it. Simulation and
 * planner share it, so they decide alike. O(1), amortised.
 */
export function decideOffer(
  prediction: SendPrediction,
  { unsubscribeCost, exploreShare, sendShare, progress, unit }: OfferContext,
  volume: Pick<VolumeControl, 'threshold' | 'offered' | 'isSpent'>,
): OfferDecision {
  const value = spreadTies(sendValue(prediction, unsubscribeCost), unit);
  const threshold = volume.threshold(progress);
  const { isSpent } = volume;
  const decision = decideSend(value > threshold, { share: exploreShare, sendShare, isSpent }, unit);
  volume.offered(value, decision.isSent);
  return { value, threshold, ...decision, isSpent };
}

function spreadTies(value: number, unit: number): number {
  // Another part of the draw than that which explores.
  const tie = (unit * 2 ** 16) % 1;
  return value * (1 + tieSpread * (tie - 0.5));
}
