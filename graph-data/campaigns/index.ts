export { oddsOf } from './action-odds.ts';
export type { Campaign, CampaignSettings } from './campaign.ts';
export { CampaignFollower } from './campaign-follower.ts';
export { type ErasedPromotions, CampaignStore } from './campaign-store.ts';
export { readToken } from './click-token.ts';
export { copyCampaigns, faultOfCampaigns, keepLedger } from './copy-campaigns.ts';
export type { Hidden } from './hide-rows.ts';
export { type PromotedAction } from './ledger.ts';
export type { Placed, Placement, PromotedCandidates, RuledOutBy } from './place-types.ts';
export type { PersonFacts } from './placer.ts';
export {
  type KeptCampaign,
  type PersonPromotions,
  readCampaign,
  readCampaigns,
  readPromotedPin,
  readPromotions,
  readTokenSecret,
} from './read-campaigns.ts';
