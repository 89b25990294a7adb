import type { JSX } from 'preact';
import { formatCount, formatPercent } from '../format/index.ts';
import type { WalkResponse } from '../rest/index.ts';

const [width, height] = [320, 120];
const [left, right, top, bottom] = [42, 8, 10, 24];

/** How many steps the recommendations take to settle: the share of the final ones that each shorter walk finds. */
export function ConvergencePlot({ walk }: { walk: WalkResponse | undefined }): JSX.Element {
  const points = walk?.convergence ?? [];
  const last = points.at(-1);
  const x = (steps: number): number => left + (steps / (last?.steps ?? 1)) * (width - left - right);
  const y = (share: number): number => top + (1 - share) * (height - top - bottom);
  const line = points
    .map(({ steps, overlap }) => `${x(steps).toFixed(1)} ${y(overlap).toFixed(1)}`)
    .join(' L');
  const settled = settledAt(points);
  return (
    <section class="panel stack" aria-labelledby="convergence-title">
      <h2 id="convergence-title">Convergence</h2>
      <svg
        class="plot"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Share of the final recommendations that a shorter walk finds: ${summaryOf(points)}`}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="plot-grid" x1={left} x2={width - right} y1={y(share)} y2={y(share)} />
            <text x={left - 6} y={y(share) + 4} text-anchor="end">
              {share * 100}%
            </text>
          </g>
        ))}
        {last !== undefined && (
          <>
            <path
              class="plot-area"
              d={`M${x(points[0]!.steps)} ${y(0)} L${line} L${x(last.steps)} ${y(0)}Z`}
            />
            <path class="plot-line" d={`M${line}`} />
            {points.map(({ steps, overlap }) => (
              <circle key={steps} cx={x(steps)} cy={y(overlap)} r="2.4">
                <title>{`${formatCount(steps)} steps: ${formatPercent(overlap)}`}</title>
              </circle>
            ))}
            <text x={width - right} y={height - 6} text-anchor="end">
              {formatCount(last.steps)} steps
            </text>
          </>
        )}
      </svg>
      <p class="quiet small">
        {settled === undefined
          ? 'The share of the final recommendations that shorter walks find.'
          : `From ${formatCount(settled)} steps on, the walk has all of the final recommendations.`}
      </p>
    </section>
  );
}

/** The steps from which on no recommendation is missing. */
function settledAt(points: WalkResponse['convergence']): number | undefined {
  const lastMissing = points.findLastIndex(({ overlap }) => overlap < 1);
  return points[lastMissing + 1]?.steps;
}

function summaryOf(points: WalkResponse['convergence']): string {
  return points
    .filter((_, i) => i % 4 === 3)
    .map(({ steps, overlap }) => `${formatPercent(overlap)} after ${formatCount(steps)} steps`)
    .join(', ');
}
