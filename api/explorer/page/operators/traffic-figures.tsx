import type { JSX } from 'preact';
import { formatBytes, formatMs, formatPercent, formatRate } from '../format/index.ts';
import { Sparkline } from './sparkline.tsx';
import type { TrafficPoint, TrafficSpan } from '../traffic/index.ts';

interface Figure {
  readonly name: string;
  readonly value: (point: TrafficPoint) => number | undefined;
  readonly format: (value: number) => string;
  /** A second figure, smaller. */
  readonly detail?: (point: TrafficPoint) => string;
}

const figures: readonly Figure[] = [
  { name: 'Requests per second', value: (point) => point.requestsPerSecond, format: formatRate },
  {
    name: 'p95 latency',
    value: (point) => point.p95Ms,
    format: formatMs,
    detail: ({ p50Ms }) => (p50Ms === undefined ? '' : `p50 ${formatMs(p50Ms)}`),
  },
  {
    name: 'Walks per second',
    value: (point) => point.walksPerSecond,
    format: formatRate,
    detail: ({ stepsPerSecond }) => `${formatRate(stepsPerSecond)} steps`,
  },
  { name: 'Queue length', value: (point) => point.waiting, format: formatRate },
  { name: 'Problems per second', value: (point) => point.problemsPerSecond, format: formatRate },
  { name: 'p99 event loop delay', value: (point) => point.loopDelayMs, format: formatMs },
  { name: 'CPU', value: (point) => point.cores, format: formatPercent, detail: () => 'of a core' },
  { name: 'Memory', value: (point) => point.memoryBytes, format: formatBytes },
];

/** The latest value of each figure and its course. */
export function TrafficFigures({
  points,
  span,
  nowMs,
}: {
  points: readonly TrafficPoint[];
  span: TrafficSpan;
  nowMs: number;
}): JSX.Element {
  const latest = points.at(-1);
  return (
    <dl class="traffic">
      {figures.map(({ name, value, format, detail }) => {
        const current = latest && value(latest);
        return (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <p class="number clip">
                <span>{current === undefined ? '–' : format(current)}</span>{' '}
                <span class="quiet small">{latest && detail?.(latest)}</span>
              </p>
              <Sparkline
                points={points.map((point) => {
                  return { place: 1 - (nowMs - point.atMs) / span.lengthMs, value: value(point) };
                })}
              />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
