import { openDataFolder } from '../../../graph-data/base/index.ts';
import type { Campaign } from '../../../graph-data/campaigns/index.ts';
import type {
  CampaignReach,
  CampaignReport,
  ReachOptions,
} from '../../../graph-data/campaigns/reports/index.ts';
import {
  type EngagementOptions,
  type EngagementReport,
  engagementReport,
} from '../../../graph-data/engagement/index.ts';
import {
  type Experiment,
  type ServedReport,
  experimentReport,
} from '../../../graph-data/experiments/index.ts';
import { type FoundAction, findActions } from '../../../graph-data/interactions/index.ts';
import { type NotificationReport, notificationReport } from '../../../graph-data/notifications/index.ts';
import { holdoutPlace } from '../../notifications/index.ts';
import { serveParent } from '../threads/index.ts';

/** A report on a data folder. */
export type ReportTask = { readonly root: string } & (
  | { readonly engagement: EngagementOptions }
  | { readonly campaign: Campaign }
  | { readonly reach: ReachOptions }
  | { readonly actions: { readonly kinds: readonly string[]; readonly pins: readonly string[] } }
  | {
      /** `from`: the first day, in days since 1970; `now` in milliseconds. */
      readonly notifications: { readonly from: number; readonly now: number };
    }
  | {
      readonly id: string;
      readonly experiment: Experiment;
      /** The last day, in days since 1970. */
      readonly until: number;
    }
);

type Report =
  | EngagementReport
  | NotificationReport
  | ServedReport
  | CampaignReport
  | CampaignReach
  | FoundAction[];

serveParent(async (task: ReportTask): Promise<Report> => {
  const folder = openDataFolder(task.root);
  if ('engagement' in task) return engagementReport(folder, task.engagement);
  if ('campaign' in task || 'reach' in task) {
    const { campaignReach, campaignReport } = await import('../../../graph-data/campaigns/reports/index.ts');
    return 'reach' in task ? campaignReach(folder, task.reach) : campaignReport(folder, task.campaign);
  }
  if ('actions' in task) return findActions(folder, task.actions.kinds, task.actions.pins);
  if ('notifications' in task) {
    const { from, now } = task.notifications;
    return notificationReport(folder, from, now, holdoutPlace);
  }
  return experimentReport(folder, task.id, task.experiment, task.until);
});
