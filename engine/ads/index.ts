export { type AuctionCandidate, type AuctionWinner, runAuction } from './auction.ts';
export { campaignDay, dayTraffic } from './campaign-day.ts';
export { type GhostAdLift, ghostAdLift } from './lift.ts';
export { type PacingPlan, type PacingState, pace, startPacing } from './pacing.ts';
export type { PromotedMatch } from './best-matches.ts';
export { type CampaignTarget, TargetIndex } from './targets.ts';
export type { TopicTree } from './topic-tree.ts';
