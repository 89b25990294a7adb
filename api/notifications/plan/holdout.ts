import { unitOf } from '../../base/index.ts';

/**
 * The place of a person in a campaign, in [0, 1), always the same: a person below the share of its holdout
 * receives nothing.
 */
export function holdoutPlace(campaign: string, user: string): number {
  return unitOf(`holdout ${campaign}`, user);
}
