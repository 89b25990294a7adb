import { decideSend } from './explore-sends.ts';
import { type SendPrediction, sendValue } from './send-value.ts';
import type { VolumeControl } from './volume-control.ts';

/** What decides an offer beside its value. */
interface OfferContext {
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
 * Values that differ by less are told apart by chance. Without it, a threshold sends to all or none of those who are worth the same, as
 * everybody is before anything is learned. As wide as a bin of the {@link VolumeControl}.
 */
const tieSpread = 0.018;

/** Whether a notification is sent, and by what. */
export interface OfferDecision {
  /** In opens, within 0.9 %. */
  readonly value: number;
  /** What it had to exceed; Infinity once the budget is spent. */
  readonly threshold: number;
  readonly isSent: boolean;
  readonly propensity: number;
  /** Whether chance decided. */
  readonly isExplored: boolean;
  readonly isSpent: boolean;
}

/**
 * Decides one offer by its value against the threshold of the week, but for what chance decides, and counts it. Simulation and planner both
 * decide by it: what is simulated is what is planned. O(1), amortised.
 */
export function decideOffer(
  prediction: SendPrediction,
  { unsubscribeCost, exploreShare, sendShare, progress, unit }: OfferContext,
  volume: Pick<VolumeControl, 'threshold' | 'offered' | 'isSpent'>,
): OfferDecision {
  // Another part of the draw than that which explores.
  const tie = (unit * 2 ** 16) % 1;
  const value = sendValue(prediction, unsubscribeCost) * (1 + tieSpread * (tie - 0.5));
  const threshold = volume.threshold(progress);
  const { isSpent } = volume;
  const decision = decideSend(value > threshold, { share: exploreShare, sendShare, isSpent }, unit);
  volume.offered(value, decision.isSent);
  return { value, threshold, ...decision, isSpent };
}
