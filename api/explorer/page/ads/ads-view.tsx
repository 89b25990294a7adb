import type { JSX } from 'preact';
import { Link, useExplorer, usePageTitle } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { type CampaignReportResponse, usePolled } from '../rest/index.ts';
import { AuctionsTable } from './auctions-table.tsx';
import { CampaignPanel } from './campaign-panel.tsx';
import { InterestsTable } from './interests-table.tsx';
import type { ListedCampaign } from './listed-campaign.ts';

const pauseMs = 15_000;
const listedMax = 50;

/** The campaigns, and of one its results, its spend over the day, and its latest auctions. */
export function AdsView({ id }: { id: string | undefined }): JSX.Element {
  const { client, version } = useExplorer();
  usePageTitle('Ads');
  const fetched = usePolled(
    async (signal) => {
      const path = `/v1/campaigns?limit=${listedMax}`;
      const { campaigns } = await client.get<{ campaigns: readonly ListedCampaign[] }>(path, signal);
      const running = campaigns.find(({ state }) => state === 'running');
      const campaign = campaigns.find((each) => each.id === id) ?? running ?? campaigns[0];
      if (campaign === undefined) return { campaigns };
      const reportPath = `/v1/campaigns/${encodeURIComponent(campaign.id)}/report`;
      return { campaigns, campaign, report: await client.get<CampaignReportResponse>(reportPath, signal) };
    },
    () => pauseMs,
    [version, id],
  );
  const { campaigns = [], campaign, report } = fetched.data ?? {};
  return (
    <>
      <h1 class="view-head">Ads</h1>
      <ProblemMessage fetched={fetched} />
      <div class="stack">
        {campaigns.length > 1 && (
          <nav class="chips" aria-label="Campaigns">
            {campaigns.map((each) => (
              <Link
                key={each.id}
                to={{ view: 'ads', id: each.id }}
                class="chip"
                {...(each.id === campaign?.id && { 'aria-current': 'page' })}
              >
                {each.id} <span class="quiet">{each.state}</span>
              </Link>
            ))}
          </nav>
        )}
        {fetched.data !== undefined && campaigns.length === 0 && (
          <p class="panel quiet">
            There is no campaign. <code>PUT /v1/campaigns/{'{id}'}</code> defines one: it pays for clicks or
            saves on its pins.
          </p>
        )}
        {campaign !== undefined && report !== undefined && (
          <>
            <CampaignPanel campaign={campaign} report={report} />
            <InterestsTable report={report} per={campaign.bid.per} />
            <AuctionsTable campaign={campaign} auctions={report.auctions} />
          </>
        )}
      </div>
    </>
  );
}
