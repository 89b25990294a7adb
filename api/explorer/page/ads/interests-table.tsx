import type { JSX } from 'preact';
import { Link } from '../context/index.ts';
import { formatCount, formatPercent } from '../format/index.ts';
import type { CampaignReportResponse } from '../rest/index.ts';
import { moneyText } from './money.ts';

const shownMax = 12;

/** What requests about each interest brought. */
export function InterestsTable({
  report: { interests },
  per,
}: {
  report: Pick<CampaignReportResponse, 'interests'>;
  per: 'click' | 'save';
}): JSX.Element | null {
  if (interests.length === 0) return null;
  return (
    <section class="panel stack" aria-labelledby="interests-title">
      <h2 id="interests-title">By interest</h2>
      <div class="table-frame" tabIndex={0} role="group" aria-label="Interests">
        <table class="table table-auto">
          <thead>
            <tr>
              <th scope="col">Interest</th>
              <th scope="col" class="number">
                Impressions
              </th>
              <th scope="col" class="number">
                People
              </th>
              <th scope="col" class="number">
                Clicks
              </th>
              <th scope="col" class="number">
                Saves
              </th>
              <th scope="col" class="number">
                Spend
              </th>
              <th scope="col" class="number">
                A {per}
              </th>
            </tr>
          </thead>
          <tbody>
            {interests.slice(0, shownMax).map(({ interest, name, ...counts }) => (
              <tr key={interest}>
                <td>
                  {interest === null || name === null ? (
                    <span class="quiet">{interest ?? 'none'}</span>
                  ) : (
                    <Link to={{ view: 'interests', id: interest }}>{name}</Link>
                  )}
                </td>
                <td class="number">{formatCount(counts.impressions)}</td>
                <td class="number">{formatCount(counts.reach)}</td>
                <td class="number">
                  {formatCount(counts.clicks)}{' '}
                  {counts.clickRate !== null && (
                    <span class="quiet small">{formatPercent(counts.clickRate.value, 1)}</span>
                  )}
                </td>
                <td class="number">{formatCount(counts.saves)}</td>
                <td class="number">{moneyText(counts.spentMicros)}</td>
                <td class="number">
                  {counts.costPerActionMicros === null ? '' : moneyText(counts.costPerActionMicros.value)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
