import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { ProblemMessage, Segments } from '../controls/index.ts';
import { usePolled } from '../rest/index.ts';
import {
  type RouteFigures,
  type TrafficSpan,
  readPrometheus,
  routesOf,
  trafficSpans,
} from '../traffic/index.ts';
import { RoutesTable } from './routes-table.tsx';
import { TrafficFigures } from './traffic-figures.tsx';

const pauseMs = 2_000;

/** Rates and latencies of up to 24 hours, kept by the page, and the routes since the server started. */
export function TrafficPanel(): JSX.Element {
  const { client, traffic, version } = useExplorer();
  const [span, setSpan] = useState<TrafficSpan>(trafficSpans[0]!);
  const fetched = usePolled<{ readonly atMs: number; readonly routes: readonly RouteFigures[] }>(
    async (signal) => {
      const samples = readPrometheus(await client.text('/metrics', signal));
      const atMs = performance.now();
      traffic.add({ atMs, samples });
      return { atMs, routes: routesOf(samples) };
    },
    () => pauseMs,
    [version],
  );
  return (
    <section class="panel stack wide" aria-labelledby="traffic-title">
      <div class="row apart">
        <h2 id="traffic-title">Traffic</h2>
        <Segments
          label="Time"
          options={trafficSpans.map(({ name }) => [name, name] as const)}
          value={span.name}
          onChange={(name) => setSpan(trafficSpans.find((each) => each.name === name)!)}
        />
      </div>
      <p class="quiet small">Since this page was opened, without its own requests.</p>
      <ProblemMessage fetched={fetched} />
      <TrafficFigures points={traffic.pointsOf(span)} span={span} nowMs={fetched.data?.atMs ?? 0} />
      <RoutesTable routes={fetched.data?.routes} />
    </section>
  );
}
