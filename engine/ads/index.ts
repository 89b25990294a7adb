export { type AuctionCandidate, type AuctionWinner, runAuction } from './auction.ts';
export { campaignDay, dayTraffic } from './campaign-day.ts';
export { type GhostAdLift, ghostAdLift } from './lift.ts';
export { type PacingPlan, type PacingState, pace, startPacing } from './pacing.ts';
export type { CampaignTarget, PromotedMatch } from './match-types.ts';
export { TargetIndex } from './targets.ts';
export type { TopicTree } from './topic-tree.ts';
