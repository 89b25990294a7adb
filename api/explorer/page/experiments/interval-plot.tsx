import type { JSX } from 'preact';
import type { ExperimentReportResponse } from '../rest/index.ts';
import { signedPercent } from './words.ts';

const [width, height] = [640, 200];
const [left, right, top, bottom] = [52, 96, 12, 24];
/** Intervals of the first days are much wider than the plot. */
const widestShown = 4;

/** How the difference of each arm and its interval for any look have narrowed, day by day, relative to the control. */
export function IntervalPlot({
  days,
  controlValue,
}: Pick<ExperimentReportResponse, 'days'> & { controlValue: number | null }): JSX.Element | null {
  const names = days.at(-1)?.arms.map(({ name }) => name) ?? [];
  const scale = controlValue === null || controlValue === 0 ? undefined : Math.abs(controlValue);
  if (days.length < 2 || scale === undefined) return null;
  const last = days.at(-1)!.arms;
  const largest = Math.max(
    0.01,
    ...last.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)].map((each) => each / scale)),
  );
  const shown = Math.min(largest * 2, Math.max(largest, widestShown));
  const x = (day: number): number => left + (day / (days.length - 1)) * (width - left - right);
  const y = (share: number): number => {
    const clipped = Math.max(-shown, Math.min(shown, share));
    return top + ((shown - clipped) / (2 * shown)) * (height - top - bottom);
  };
  return (
    <svg class="intervals" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summaryOf(last, scale)}>
      {[shown, 0, -shown].map((share) => (
        <g key={share}>
          <line class="plot-grid" x1={left} x2={width - right} y1={y(share)} y2={y(share)} />
          <text x={left - 6} y={y(share) + 4} text-anchor="end">
            {share === 0 ? '0' : signedPercent(share)}
          </text>
        </g>
      ))}
      {names.map((name, i) => {
        const points = days.flatMap(({ arms }, day) => {
          const { difference, low, high } = arms[i]!;
          if (difference === null || low === null || high === null) return [];
          return [{ day, difference: difference / scale, low: low / scale, high: high / scale }];
        });
        if (points.length === 0) return null;
        const line = (of: 'difference' | 'low' | 'high', reversed = false): string =>
          (reversed ? points.toReversed() : points)
            .map((point) => `${x(point.day).toFixed(1)} ${y(point[of]).toFixed(1)}`)
            .join('L');
        return (
          <g key={name} class={`arm-${i % 4}`}>
            <path class="interval" d={`M${line('high')}L${line('low', true)}Z`} />
            <path class="difference" d={`M${line('difference')}`} />
            <text x={width - right + 6} y={y(points.at(-1)!.difference) + 4}>
              {name}
            </text>
          </g>
        );
      })}
      <text x={left} y={height - 6}>
        {days[0]!.day}
      </text>
      <text x={width - right} y={height - 6} text-anchor="end">
        {days.at(-1)!.day}
      </text>
    </svg>
  );
}

function summaryOf(last: ExperimentReportResponse['days'][number]['arms'], scale: number): string {
  const arms = last.map(({ name, low, high }) =>
    low === null || high === null
      ? `${name} unknown`
      : `${name} ${signedPercent(low / scale)} to ${signedPercent(high / scale)}`,
  );
  return `Difference from the control by day, as a share of its value. On the last day: ${arms.join('; ')}`;
}
