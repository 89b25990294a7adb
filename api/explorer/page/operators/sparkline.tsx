import type { JSX } from 'preact';

const [width, height] = [120, 32];

/** The course of a value, the latest at the right. Text beside it states the value. */
export function Sparkline({
  values,
  valuesMax,
}: {
  values: readonly (number | undefined)[];
  /** The number of values that fill the width. */
  valuesMax: number;
}): JSX.Element {
  const largest = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0) || 1;
  const first = valuesMax - values.length;
  const points = values.flatMap((value, i) => {
    if (value === undefined) return [];
    const x = ((first + i) / (valuesMax - 1)) * width;
    return [`${x.toFixed(1)} ${(height - 2 - (value / largest) * (height - 4)).toFixed(1)}`];
  });
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="plot-grid" d={`M0 ${height - 1}H${width}`} />
      {points.length > 1 && (
        <path class="plot-line" d={`M${points.join('L')}`} vector-effect="non-scaling-stroke" />
      )}
    </svg>
  );
}
