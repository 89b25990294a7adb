import type { JSX } from 'preact';
import { formatCount, formatPercent } from '../format/index.ts';
import type { NotificationReportResponse } from '../rest/index.ts';

type Hour = NotificationReportResponse['hours'][number];

const [width, height] = [320, 180];
const [left, right, top, bottom] = [46, 6, 10, 34];

/** The share of notifications that was clicked, and that was opened, by the hour at which they were sent. */
export function HoursPlot({ hours }: { hours: readonly Hour[] }): JSX.Element {
  const used = hours.filter(({ sent }) => sent > 0);
  const largest = Math.max(0.01, ...used.map(({ sent, opened, clicked }) => Math.max(opened, clicked) / sent));
  const step = (width - left - right) / hours.length;
  const y = (rate: number): number => height - bottom - (rate / largest) * (height - top - bottom);
  return (
    <section class="panel stack" aria-labelledby="hours-title">
      <h2 id="hours-title">Opens by hour</h2>
      {used.length === 0 ? (
        <p class="quiet">Nothing was sent yet.</p>
      ) : (
        <>
          <svg class="plot hours" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summaryOf(used)}>
            {[0, largest / 2, largest].map((rate) => (
              <g key={rate}>
                <line class="plot-grid" x1={left} x2={width - right} y1={y(rate)} y2={y(rate)} />
                <text x={left - 6} y={y(rate) + 4} text-anchor="end">
                  {formatPercent(rate, 1)}
                </text>
              </g>
            ))}
            {used.map(({ hour, sent, opened, clicked }) => (
              <g key={hour}>
                <title>{`${hour} o’clock: ${formatCount(sent)} sent, ${formatCount(clicked)} clicked, ${formatCount(opened)} opened`}</title>
                <Bar x={left + hour * step} width={step} from={y(0)} to={y(opened / sent)} class="opened" />
                <Bar x={left + hour * step} width={step} from={y(0)} to={y(clicked / sent)} class="clicked" />
              </g>
            ))}
            {[0, 6, 12, 18].map((hour) => (
              <text key={hour} x={left + (hour + 0.5) * step} y={height - bottom + 16} text-anchor="middle">
                {hour}
              </text>
            ))}
            <text x={width - right} y={height - 4} text-anchor="end">
              hour of the person’s clock
            </text>
          </svg>
          <p class="row small">
            <span class="key clicked">clicked</span>
            <span class="key opened">opened, as far as mail proxies tell</span>
          </p>
        </>
      )}
    </section>
  );
} // prettier-ignore

function Bar({ x, width: step, from, to, class: name }: { x: number; width: number; from: number; to: number; class: string }): JSX.Element {
  return <rect class={name} x={x + 1} width={step - 2} y={to} height={from - to} />;
} // prettier-ignore

function summaryOf(used: readonly Hour[]): string {
  const best = used.toSorted((a, b) => b.clicked / b.sent - a.clicked / a.sent).slice(0, 3);
  const parts = best.map(({ hour, sent, clicked }) => `${formatPercent(clicked / sent, 1)} at ${hour} o’clock`);
  return `Share that was clicked by the hour of sending, at best ${parts.join(', ')}`;
} // prettier-ignore
