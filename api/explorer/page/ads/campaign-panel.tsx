import type { JSX } from 'preact';
import { formatCount, formatPercent, formatRate } from '../format/index.ts';
import type { CampaignReportResponse } from '../rest/index.ts';
import type { ListedCampaign } from './listed-campaign.ts';
import { PacingPlot } from './pacing-plot.tsx';
import { moneyText } from './money.ts';
import { PauseButton } from './pause-button.tsx';

const tones: Readonly<Record<ListedCampaign['state'], string>> = {
  planned: '',
  running: 'good',
  paused: '',
  spent: 'busy',
  ended: '',
};

/** Budgets and results of a campaign, and how its spend followed the day. */
export function CampaignPanel({
  campaign,
  report,
}: {
  campaign: ListedCampaign;
  report: CampaignReportResponse;
}): JSX.Element {
  const { id, state, label, bid, dailyBudgetMicros, totalBudgetMicros, timeZone } = campaign;
  return (
    <section class="panel stack" aria-labelledby="campaign-title">
      <div class="row apart">
        <h2 id="campaign-title">{id}</h2>
        <div class="row">
          <span class={`badge ${tones[state]}`}>{state}</span>
          <PauseButton campaign={campaign} />
        </div>
      </div>
      <p class="quiet small">
        “{label}”, up to {moneyText(bid.micros)} a {bid.per}. Spent {moneyText(campaign.spentTodayMicros)} of{' '}
        {moneyText(dailyBudgetMicros)} today ({timeZone}), {moneyText(campaign.spentMicros)}
        {totalBudgetMicros !== null && ` of ${moneyText(totalBudgetMicros)}`} in all.
      </p>
      <table class="table table-auto">
        <tbody>
          {figuresOf(report).map(([name, value, note]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{value}</td>
              <td class="quiet">{note}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <LiftText report={report} per={bid.per} />
      <PacingPlot pacing={report.pacing} budgetMicros={dailyBudgetMicros} timeZone={timeZone} />
    </section>
  );
}

type Estimate = CampaignReportResponse['clickRate'];

function figuresOf(report: CampaignReportResponse): [name: string, value: string, note: string][] {
  const { impressions, clicks, saves, hides, reach, frequency, prediction, uncharged } = report;
  const free = Object.entries(uncharged).map(
    ([reason, count]) => `${formatCount(count)} ${reason.replaceAll('-', ' ')}`,
  );
  return [
    [
      'Impressions',
      formatCount(impressions),
      `of ${formatCount(reach)} ${reach === 1 ? 'person' : 'people'}, ${formatRate(frequency ?? 0)} each`,
    ],
    ['Clicks', formatCount(clicks), rangeText(report.clickRate, (share) => formatPercent(share, 1))],
    ['Saves', formatCount(saves), rangeText(report.saveRate, (share) => formatPercent(share, 1))],
    ['Hides', formatCount(hides), ''],
    ['Spend', moneyText(report.spentMicros), rangeText(report.costPerActionMicros, moneyText, ' an action')],
    [
      'Expected actions',
      prediction.expected.toFixed(prediction.expected < 1 ? 2 : 1),
      `${formatCount(prediction.actual)} came`,
    ],
    ['Free actions', free.length === 0 ? '0' : formatCount(sum(Object.values(uncharged))), free.join(', ')],
  ];
}

function rangeText(estimate: Estimate, format: (value: number) => string, unit: string = ''): string {
  if (estimate === null) return '';
  const { value, low, high } = estimate;
  return `${format(value)}${unit}, ${format(low)} to ${format(high)}`;
}

function LiftText({ report, per }: { report: CampaignReportResponse; per: string }): JSX.Element | null {
  const { lift } = report;
  if (lift === null) return null;
  const { exposed, heldOut, incrementalActions, sampleRatioPValue } = lift;
  if (sampleRatioPValue < 0.001) {
    return (
      <div class="problem" role="alert">
        <p>The two sides of the holdout are not comparable: do not trust the lift.</p>
      </div>
    );
  }
  return (
    <p>
      <strong>
        {incrementalActions === null
          ? 'What it changed is not known yet.'
          : `${rangeText(incrementalActions, (count) => formatRate(Math.round(count)))} more ${per}s than without it.`}
      </strong>{' '}
      <span class="quiet small">
        {formatCount(exposed)} people who were shown it, {formatCount(heldOut)} who would have been.
      </span>
    </p>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
