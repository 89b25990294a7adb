import { openDataFolder } from '../../../graph-data/base/index.ts';
import {
  type EngagementOptions,
  type EngagementReport,
  engagementReport,
} from '../../../graph-data/engagement/index.ts';
import { runForParent } from '../threads/index.ts';

/** A report on a data folder. */
export interface EngagementTask {
  readonly root: string;
  readonly options: EngagementOptions;
}

await runForParent<EngagementTask, EngagementReport>(({ root, options }) =>
  engagementReport(openDataFolder(root), options),
);
