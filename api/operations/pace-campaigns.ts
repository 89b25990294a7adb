import type { Logger } from 'pino';
import { type DataFolder, hasCampaigns, messageOf } from '../../graph-data/index.ts';
import type { CampaignThread } from '../runtime/writing/index.ts';

const everyMs = 60_000;

interface PacingDeps {
  readonly folder: DataFolder;
  readonly campaigns: Pick<CampaignThread, 'call'>;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
  readonly log: Logger;
}

/** Steps the pacing of all campaigns once a minute. Without a campaign, nothing is opened. Returns a function that stops it. */
export function startPacingLoop(deps: PacingDeps): () => void {
  let isRunning = false;
  const step = async (): Promise<void> => {
    if (isRunning || !hasCampaigns(deps.folder)) return;
    isRunning = true;
    try {
      await paceCampaigns(deps);
    } catch (error) {
      deps.log.warn(`the pacing of campaigns stays as it is: ${messageOf(error)}`);
    } finally {
      isRunning = false;
    }
  };
  const timer = setInterval(() => void step(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** In portions: auctions run in between. */
async function paceCampaigns({ campaigns, wallClock }: PacingDeps): Promise<void> {
  let after: number | undefined = -1;
  while (after !== undefined) after = await campaigns.call('pace', wallClock(), after);
}
