import type { JSX } from 'preact';

const [width, height] = [120, 32];

/** The course of a value over time, now at the right. Text beside it states the value. */
export function Sparkline({
  points,
}: {
  /** `place` is the horizontal position, 0 to 1; an undefined value leaves a gap. */
  points: readonly { readonly place: number; readonly value: number | undefined }[];
}): JSX.Element {
  const largest = points.reduce((max, { value }) => Math.max(max, value ?? 0), 0) || 1;
  const line = points.flatMap(({ place, value }) => {
    if (value === undefined) return [];
    const y = height - 2 - (value / largest) * (height - 4);
    return [`${(place * width).toFixed(1)} ${y.toFixed(1)}`];
  });
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="plot-grid" d={`M0 ${height - 1}H${width}`} />
      {line.length > 1 && (
        <path class="plot-line" d={`M${line.join('L')}`} vector-effect="non-scaling-stroke" />
      )}
    </svg>
  );
}
