import type { JSX } from 'preact';
import { formatPercent } from '../format/index.ts';

interface Rate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

const [width, height] = [240, 56];

/** A rate with its interval, and its course by day. */
export function RateLine({
  days,
  total,
}: {
  days: readonly { readonly day: string; readonly rate: Rate | undefined }[];
  total: Rate | undefined;
}): JSX.Element {
  const largest = days.reduce((max, { rate }) => Math.max(max, rate?.high ?? 0), 0) || 1;
  const x = (i: number): string => ((i / Math.max(1, days.length - 1)) * width).toFixed(1);
  const y = (value: number): string => (height - 2 - (value / largest) * (height - 4)).toFixed(1);
  const line = (of: keyof Rate): string[] => days.map(({ rate }, i) => `${x(i)} ${y(rate?.[of] ?? 0)}`);
  return (
    <>
      <p class="number">
        {total === undefined ? '–' : formatPercent(total.rate, 2)}{' '}
        <span class="quiet small">
          {total !== undefined && `${formatPercent(total.low, 2)} to ${formatPercent(total.high, 2)}`}
        </span>
      </p>
      {days.length > 1 && (
        <svg
          class="sparkline"
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          <path class="plot-area" d={`M${line('high').join('L')}L${line('low').toReversed().join('L')}Z`} />
          <path class="plot-line" d={`M${line('rate').join('L')}`} vector-effect="non-scaling-stroke" />
        </svg>
      )}
      {days.length > 1 && (
        <p class="row apart quiet small">
          <span>{days[0]!.day}</span>
          <span>{days.at(-1)!.day}</span>
        </p>
      )}
    </>
  );
}
