import type { JSX } from 'preact';
import { formatCount, formatPercent } from '../format/index.ts';
import type { NotificationReportResponse } from '../rest/index.ts';

type Bin = NotificationReportResponse['calibration'][number];

const [width, height] = [320, 220];
const [left, right, top, bottom] = [46, 10, 10, 34];
const z95 = 1.96;

/** Predicted against observed clicks: on the diagonal, they are as predicted. */
export function CalibrationPlot({ bins }: { bins: readonly Bin[] }): JSX.Element {
  const largest = Math.max(0.01, ...bins.flatMap((bin) => [bin.predicted, intervalOf(bin).high]));
  const x = (rate: number): number => left + (rate / largest) * (width - left - right);
  const y = (rate: number): number => height - bottom - (rate / largest) * (height - top - bottom);
  return (
    <section class="panel stack" aria-labelledby="calibration-title">
      <h2 id="calibration-title">Calibration</h2>
      {bins.length === 0 ? (
        <p class="quiet">No planned notification was sent more than a day ago.</p>
      ) : (
        <>
          <svg class="plot reliability" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summaryOf(bins)}>
            {[0, largest / 2, largest].map((rate) => (
              <g key={rate}>
                <line class="plot-grid" x1={left} x2={width - right} y1={y(rate)} y2={y(rate)} />
                <text x={left - 6} y={y(rate) + 4} text-anchor="end">
                  {formatPercent(rate, 1)}
                </text>
                <text x={x(rate)} y={height - bottom + 16} text-anchor={rate === largest ? 'end' : 'middle'}>
                  {formatPercent(rate, 1)}
                </text>
              </g>
            ))}
            <line class="diagonal" x1={x(0)} y1={y(0)} x2={x(largest)} y2={y(largest)} />
            {bins.map((bin, i) => {
              const { low, high } = intervalOf(bin);
              return (
                <g key={i}>
                  <line class="plot-line" x1={x(bin.predicted)} x2={x(bin.predicted)} y1={y(low)} y2={y(high)} />
                  <circle cx={x(bin.predicted)} cy={y(bin.observed)} r="3.5" />
                </g>
              );
            })}
            <text x={width - right} y={height - 4} text-anchor="end">
              predicted
            </text>
          </svg>
          <p class="quiet small">
            Share of clicks observed (upwards) by what was predicted, with the 95 % interval of chance, in{' '}
            {formatCount(bins.length)} groups of about as many notifications.
          </p>
        </>
      )}
    </section>
  );
} // prettier-ignore

function intervalOf({ sent, observed }: Bin): { low: number; high: number } {
  const half = z95 * Math.sqrt((observed * (1 - observed)) / sent);
  return { low: Math.max(0, observed - half), high: Math.min(1, observed + half) };
}

function summaryOf(bins: readonly Bin[]): string {
  const pairs = bins.map(({ predicted, observed }) => `${formatPercent(predicted, 1)} and ${formatPercent(observed, 1)}`);
  return `Predicted and observed clicks: ${pairs.join('; ')}`;
} // prettier-ignore
