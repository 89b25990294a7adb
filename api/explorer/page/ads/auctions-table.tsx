import type { JSX } from 'preact';
import { nodeAddress } from '../address/index.ts';
import { Link } from '../context/index.ts';
import { formatAgo, formatPercent } from '../format/index.ts';
import type { CampaignReportResponse } from '../rest/index.ts';
import type { ListedCampaign } from './listed-campaign.ts';
import { moneyText } from './money.ts';

/** Why each of the latest impressions was shown, which campaign it beat, and its price. */
export function AuctionsTable({
  campaign: { bid },
  auctions,
}: {
  campaign: ListedCampaign;
  auctions: CampaignReportResponse['auctions'];
}): JSX.Element | null {
  if (auctions.length === 0) return null;
  const now = Date.now();
  return (
    <section class="panel stack" aria-labelledby="auctions-title">
      <h2 id="auctions-title">Why it was shown</h2>
      <div class="table-frame" tabIndex={0} role="group" aria-label="Latest auctions">
        <table class="table table-auto">
          <thead>
            <tr>
              <th scope="col">Shown</th>
              <th scope="col">To</th>
              <th scope="col">Pin</th>
              <th scope="col">For</th>
              <th scope="col" class="number">
                Relevance
              </th>
              <th scope="col" class="number">
                p({bid.per})
              </th>
              <th scope="col" class="number">
                Bid
              </th>
              <th scope="col" class="number">
                Price
              </th>
              <th scope="col">Beat</th>
            </tr>
          </thead>
          <tbody>
            {auctions.map(
              ({
                at,
                user,
                pin,
                rank,
                surface,
                interest,
                relevance,
                probability,
                bidMicros,
                priceMicros,
                beat,
              }) => (
                <tr key={`${at} ${user} ${rank}`}>
                  <td>
                    {formatAgo(at, now)}, rank {rank}
                    {surface !== null && `, ${surface}`}
                  </td>
                  <td>
                    <Link to={nodeAddress({ kind: 'user', key: user })}>{user}</Link>
                  </td>
                  <td>
                    <Link to={nodeAddress({ kind: 'pin', key: pin })}>{pin}</Link>
                  </td>
                  <td>{interest ?? <span class="quiet">none</span>}</td>
                  <td class="number">{relevance.toFixed(2)}</td>
                  <td class="number">{formatPercent(probability, 1)}</td>
                  <td class="number">{moneyText(bidMicros)}</td>
                  <td class="number">{moneyText(priceMicros)}</td>
                  <td>{beat ?? <span class="quiet">the reserve</span>}</td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}
