/** Reports of campaigns, apart from `campaigns/`: the threads that place and charge need neither them nor a snapshot. */
export { type CampaignReport, campaignReport } from './campaign-report.ts';
export { type CampaignReach, type ReachOptions, campaignReach } from './reach.ts';
