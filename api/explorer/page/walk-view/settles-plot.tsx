import type { JSX } from 'preact';
import type { WalkResponse } from '../rest/index.ts';

const [width, height] = [320, 120];
const [left, right, top, bottom] = [42, 8, 10, 24];

/** How soon the answer is what it stays: the share of its items that the same walk has found after so many steps. */
export function SettlesPlot({ walk }: { walk: WalkResponse | undefined }): JSX.Element {
  const points = walk?.convergence ?? [];
  const last = points.at(-1);
  const x = (steps: number): number => left + (steps / (last?.steps ?? 1)) * (width - left - right);
  const y = (share: number): number => top + (1 - share) * (height - top - bottom);
  const line = points
    .map(({ steps, overlap }) => `${x(steps).toFixed(1)} ${y(overlap).toFixed(1)}`)
    .join(' L');
  const settled = settledAt(points);
  return (
    <section class="panel settles" aria-labelledby="settles-title">
      <h2 id="settles-title">How the answer settles</h2>
      <svg
        class="plot"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Share of the final items that a shorter walk finds: ${told(points)}`}
      >
        {[0, 0.5, 1].map((share) => (
          <g key={share}>
            <line class="plot-grid" x1={left} x2={width - right} y1={y(share)} y2={y(share)} />
            <text class="plot-text" x={left - 6} y={y(share) + 4} text-anchor="end">
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
              <circle key={steps} class="plot-dot" cx={x(steps)} cy={y(overlap)} r="2.4">
                <title>{`${steps.toLocaleString('en')} steps: ${Math.round(overlap * 100)} %`}</title>
              </circle>
            ))}
            <text class="plot-text" x={width - right} y={height - 6} text-anchor="end">
              {last.steps.toLocaleString('en')} steps
            </text>
          </>
        )}
      </svg>
      <p class="quiet small">
        {settled === undefined
          ? 'The same walk, cut short at sixteen lengths: which of the final items does it find?'
          : `All of the final items are found, and stay, from ${settled.toLocaleString('en')} steps on.`}
      </p>
    </section>
  );
}

/** The steps from which on nothing is missing. */
function settledAt(points: WalkResponse['convergence']): number | undefined {
  const lastMissing = points.findLastIndex(({ overlap }) => overlap < 1);
  return points[lastMissing + 1]?.steps;
}

function told(points: WalkResponse['convergence']): string {
  return points
    .filter((_, i) => i % 4 === 3)
    .map(({ steps, overlap }) => `${Math.round(overlap * 100)} % after ${steps.toLocaleString('en')} steps`)
    .join(', ');
}
