import type { JSX } from 'preact';

const [width, height] = [120, 32];

/** How a value went, the latest at the right end. The value itself stands beside it as text. */
export function Sparkline({
  values,
  room,
}: {
  values: readonly (number | undefined)[];
  /** Values that there is room for. */
  room: number;
}): JSX.Element {
  const most = values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0) || 1;
  const first = room - values.length;
  const points = values.flatMap((value, i) => {
    if (value === undefined) return [];
    const x = ((first + i) / (room - 1)) * width;
    return [`${x.toFixed(1)} ${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`];
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
