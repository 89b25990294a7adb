import type { CampaignStore, DataFolder } from '../../../graph-data/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { CallThread } from './call-thread.ts';
import type { CommitThreadOptions } from './commit-thread.ts';

/** The writer of campaigns, and their auctions: methods of the `CampaignStore`. */
export class CampaignThread extends CallThread<Omit<CampaignStore, 'close'>> {
  constructor(folder: DataFolder, options: CommitThreadOptions & { busyMs?: number }) {
    super(moduleBeside('campaign-worker', import.meta.url), folder, options);
  }
}
