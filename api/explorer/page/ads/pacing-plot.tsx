import type { JSX } from 'preact';
import { formatPercent } from '../format/index.ts';
import type { CampaignReportResponse } from '../rest/index.ts';
import { moneyText } from './money.ts';

const [width, height] = [640, 180];
const [left, right, top, bottom] = [60, 104, 12, 40];

/** By quarter of an hour: spend of the day as a share of its budget, and the share of auctions that pacing lets it take part in. */
export function PacingPlot({
  pacing,
  budgetMicros,
  timeZone,
}: Pick<CampaignReportResponse, 'pacing'> & {
  budgetMicros: number;
  timeZone: string;
}): JSX.Element | null {
  if (pacing.length < 2) return null;
  const times = pacing.map(({ at }) => Date.parse(at));
  const [from, to] = [times[0]!, times.at(-1)!];
  const x = (time: number): number => left + ((time - from) / (to - from)) * (width - left - right);
  const y = (share: number): number => top + (1 - Math.min(1, share)) * (height - top - bottom);
  const lines = [
    ['spent', pacing.map(({ spentTodayMicros }) => spentTodayMicros / budgetMicros)],
    ['takes part', pacing.map(({ participation }) => participation)],
  ] as const;
  const last = pacing.at(-1)!;
  const format = new Intl.DateTimeFormat(undefined, {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const summary = `Pacing: ${moneyText(last.spentTodayMicros)} of ${moneyText(budgetMicros)} spent, takes part in ${formatPercent(last.participation)} of auctions`;
  return (
    <svg class="intervals pacing" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary}>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line class="plot-grid" x1={left} x2={width - right} y1={y(share)} y2={y(share)} />
          <text x={left - 6} y={y(share) + 4} text-anchor="end">
            {formatPercent(share)}
          </text>
        </g>
      ))}
      {lines.map(([name, shares], i) => (
        <g key={name} class={`arm-${i}`}>
          <path
            class="difference"
            d={`M${shares.map((share, k) => `${x(times[k]!).toFixed(1)} ${y(share).toFixed(1)}`).join('L')}`}
          />
          <text x={width - right + 6} y={y(shares.at(-1)!) + (i === 0 ? -4 : 14)}>
            {name}
          </text>
        </g>
      ))}
      <text x={left} y={height - 6}>
        {format.format(from)}
      </text>
      <text x={width - right} y={height - 6} text-anchor="end">
        {format.format(to)}
      </text>
    </svg>
  );
}
