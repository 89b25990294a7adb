export { type AuctionCandidate, type AuctionWinner, type RankedCandidate, runAuction } from './auction.ts';
export { type CampaignDay, campaignDay, dayTraffic } from './campaign-day.ts';
export { type GhostAdLift, ghostAdLift } from './lift.ts';
export { type PacingPlan, type PacingState, pace, startPacing } from './pacing.ts';
export type { PromotedMatch } from './best-matches.ts';
export { type CampaignTarget, type TopicTree, TargetIndex } from './targets.ts';
