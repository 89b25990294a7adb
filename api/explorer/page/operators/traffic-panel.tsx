import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { usePolled } from '../rest/index.ts';
import { readPrometheus } from './prometheus.ts';
import { RoutesTable } from './routes-table.tsx';
import { TrafficFigures } from './traffic-figures.tsx';
import { type Scrape, type TrafficPoint, routesOf, trafficBetween } from './traffic.ts';

const pauseMs = 2_000;
const pointsMax = 60;

interface History {
  readonly last: Scrape | undefined;
  readonly points: readonly TrafficPoint[];
}

/** Rates and latencies of the last two minutes, kept by the page, and the routes since the server started. */
export function TrafficPanel(): JSX.Element {
  const { client, version } = useExplorer();
  const history = useRef<History>({ last: undefined, points: [] });
  const fetched = usePolled(
    async (signal) => {
      const samples = readPrometheus(await client.text('/metrics', signal));
      history.current = withScrape(history.current, { atMs: performance.now(), samples });
      return { points: history.current.points, routes: routesOf(samples) };
    },
    () => pauseMs,
    [version],
  );
  return (
    <section class="panel stack wide" aria-labelledby="traffic-title">
      <div class="row apart">
        <h2 id="traffic-title">Traffic</h2>
        <p class="quiet small">Last two minutes, without the requests of this page</p>
      </div>
      <ProblemMessage fetched={fetched} />
      <TrafficFigures points={fetched.data?.points ?? []} pointsMax={pointsMax} />
      <RoutesTable routes={fetched.data?.routes} />
    </section>
  );
}

function withScrape({ last, points }: History, scrape: Scrape): History {
  if (last === undefined) return { last: scrape, points };
  const point = trafficBetween(last, scrape);
  return { last: scrape, points: point === undefined ? [] : [...points, point].slice(-pointsMax) };
}
