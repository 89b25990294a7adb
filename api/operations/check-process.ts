import { checkDatabase, faultOfCampaigns, messageOf, openDataFolder } from '../../graph-data/index.ts';

/** A process of its own: unlike a thread, it can be ended within a long statement. */
const folder = openDataFolder(process.argv[2]!);
process.stdout.write(JSON.stringify([...checkDatabase(folder), ...campaignFaults()]));

function campaignFaults(): string[] {
  try {
    const fault = faultOfCampaigns(folder);
    return fault === undefined ? [] : [`campaigns.db: ${fault}`];
  } catch (error) {
    return [messageOf(error)];
  }
}
