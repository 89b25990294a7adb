import { unitOf } from '../../base/index.ts';

/** Where a person stands in a campaign, in [0, 1), always the same: whoever is below the share of its holdout receives nothing. */
export function holdoutPlace(campaign: string, user: string): number {
  return unitOf(`holdout ${campaign}`, user);
}
