import { openDataFolder } from '../../../graph-data/base/index.ts';
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
import { runForParent } from '../threads/index.ts';

/** A report on a data folder. */
export type ReportTask = { readonly root: string } & (
  | { readonly engagement: EngagementOptions }
  | {
      readonly id: string;
      readonly experiment: Experiment;
      /** The last day, in days since 1970. */
      readonly until: number;
    }
);

await runForParent<ReportTask, EngagementReport | ServedReport>((task) => {
  const folder = openDataFolder(task.root);
  return 'engagement' in task
    ? engagementReport(folder, task.engagement)
    : experimentReport(folder, task.id, task.experiment, task.until);
});
