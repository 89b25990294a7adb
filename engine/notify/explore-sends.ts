import { check } from '../base/index.ts';

/** Whether to send, and how probable that decision was. */
interface SendDecision {
  readonly isSent: boolean;
  /** Probability of the decision that was made, in (0, 1]: of sending if it was sent, otherwise of holding back. */
  readonly propensity: number;
  /** Whether chance decided, not the value. */
  readonly isExplored: boolean;
}

/**
 * Decides by value, except for a share of the offers, which chance decides: sent with probability `sendShare`, whatever they are worth.
 * Offers that the policy alone would never make then have known propensities, so a log tells what other thresholds would earn. If
 * `sendShare` is the share of all offers that are sent, exploring leaves the volume as it is.
 *
 * `share` in [0, 0.5]: of offers that chance decides. `unit`: a draw in [0, 1), independent for each offer. `isSpent`: nothing is sent,
 * with probability 1.
 */
export function decideSend(
  isWorthIt: boolean,
  {
    share,
    sendShare,
    isSpent,
  }: { readonly share: number; readonly sendShare: number; readonly isSpent: boolean },
  unit: number,
): SendDecision {
  check(share >= 0 && share <= 0.5, 'share', `${share} is not in [0, 0.5]`);
  check(sendShare >= 0 && sendShare <= 1, 'sendShare', `${sendShare} is not in [0, 1]`);
  if (isSpent) return { isSent: false, propensity: 1, isExplored: false };
  const isExplored = unit < share;
  const isSent = isExplored ? unit < share * sendShare : isWorthIt;
  const sending = share * sendShare + (isWorthIt ? 1 - share : 0);
  return { isSent, propensity: isSent ? sending : 1 - sending, isExplored };
}
