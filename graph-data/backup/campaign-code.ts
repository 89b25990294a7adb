import { hasCampaigns } from '../base/index.ts';
import type * as Campaigns from '../campaigns/index.ts';
import type { DataFolder } from '../data-folder.ts';

/** What copies and verifies campaigns; undefined, and not loaded, for a folder without any. */
export async function campaignCode(folder: Pick<DataFolder, 'root'>): Promise<typeof Campaigns | undefined> {
  return hasCampaigns(folder) ? import('../campaigns/index.ts') : undefined;
}
