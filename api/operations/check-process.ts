import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  campaignsName,
  hasCampaigns,
  messageOf,
  moduleBeside,
  openDataFolder,
} from '../../graph-data/base/index.ts';
import { checkDatabase } from '../../graph-data/database/index.ts';

/** A process of its own: unlike a thread, it can be ended within a long statement. It loads little, as each start of a server begins it. */
const [root = ''] = process.argv.slice(2);
// A killed server must leave no process that opens its files, or holds them against a restore. A thread costs 50 ms, and can end a long statement.
const watch = new Worker(moduleBeside('end-with-parent', import.meta.url));
watch.unref();
await once(watch, 'message');
const folder = openDataFolder(root);
const faults = [...checkDatabase(folder), ...(hasCampaigns(folder) ? await campaignFaults() : [])];
process.stdout.write(JSON.stringify(faults));

async function campaignFaults(): Promise<string[]> {
  const { faultOfCampaigns } = await import('../../graph-data/campaigns/index.ts');
  try {
    const fault = faultOfCampaigns(folder);
    return fault === undefined ? [] : [`${campaignsName}: ${fault}`];
  } catch (error) {
    return [messageOf(error)];
  }
}
