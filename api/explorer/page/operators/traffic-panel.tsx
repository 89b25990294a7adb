import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { Trouble } from '../cards/index.ts';
import { useExplorer } from '../context/index.ts';
import { bytesTold, msTold, numberTold } from './format.ts';
import { readPrometheus } from './prometheus.ts';
import { Sparkline } from './sparkline.tsx';
import { type Scrape, type TrafficPoint, routesOf, trafficBetween } from './traffic.ts';
import { usePolled } from './use-polled.ts';

const everyMs = 2_000;
const pointsMax = 60;
const routesMax = 10;

interface History {
  readonly last: Scrape | undefined;
  readonly points: readonly TrafficPoint[];
}

/** Rates and times of the last minutes, kept by this page; and the routes since the server started. */
export function TrafficPanel(): JSX.Element {
  const { client, version } = useExplorer();
  const history = useRef<History>({ last: undefined, points: [] });
  const asking = usePolled(
    async (signal) => {
      const samples = readPrometheus(await client.text('/metrics', signal));
      history.current = withScrape(history.current, { atMs: performance.now(), samples });
      return { points: history.current.points, routes: routesOf(samples) };
    },
    everyMs,
    [version],
  );
  const points = asking.answer?.points ?? [];
  const routes = asking.answer?.routes ?? [];
  return (
    <section class="panel is-wide" aria-labelledby="traffic-title">
      <div class="row apart">
        <h2 id="traffic-title">Traffic</h2>
        <p class="quiet small">The last two minutes, without what this page asks by itself</p>
      </div>
      <Trouble asking={asking} />
      <Tiles points={points} />
      <table class="table routes" aria-label="Routes since the server started">
        <thead>
          <tr>
            <th scope="col">Route</th>
            <th scope="col" class="is-number">
              Calls
            </th>
            <th scope="col" class="is-number">
              Median
            </th>
            <th scope="col" class="is-number">
              95 %
            </th>
            <th scope="col" class="is-number">
              Failed
            </th>
          </tr>
        </thead>
        <tbody>
          {routes.slice(0, routesMax).map(({ route, method, requests, p50Ms, p95Ms, failed }) => (
            <tr key={`${method} ${route}`}>
              <th scope="row">
                <span class="quiet">{method}</span> <code>{route}</code>
              </th>
              <td class="is-number">{requests.toLocaleString('en')}</td>
              <td class="is-number">{msTold(p50Ms)}</td>
              <td class="is-number">{msTold(p95Ms)}</td>
              <td class={failed > 0 ? 'is-number warn' : 'is-number'}>{failed.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {asking.answer !== undefined && routes.length === 0 && (
        <p class="quiet small">Nothing has been asked since the server started.</p>
      )}
    </section>
  );
}

function withScrape({ last, points }: History, scrape: Scrape): History {
  if (last === undefined) return { last: scrape, points };
  const point = trafficBetween(last, scrape);
  return { last: scrape, points: point === undefined ? [] : [...points, point].slice(-pointsMax) };
}

function Tiles({ points }: { points: readonly TrafficPoint[] }): JSX.Element {
  const tile = (
    name: string,
    valueOf: (point: TrafficPoint) => number | undefined,
    told: (value: number) => string,
    more?: (point: TrafficPoint) => string,
  ): JSX.Element => {
    const now = points.at(-1);
    const value = now && valueOf(now);
    return (
      <div class="figure">
        <dt>{name}</dt>
        <dd>
          <p class="figure-value number">
            {value === undefined ? '–' : told(value)}
            <span class="quiet small"> {now && more?.(now)}</span>
          </p>
          <Sparkline values={points.map(valueOf)} room={pointsMax} />
        </dd>
      </div>
    );
  };
  return (
    <dl class="traffic">
      {tile('Requests a second', (point) => point.requestsPerSecond, numberTold)}
      {tile(
        'Time, 95 % within',
        (point) => point.p95Ms,
        msTold,
        ({ p50Ms }) => (p50Ms === undefined ? '' : `median ${msTold(p50Ms)}`),
      )}
      {tile(
        'Walks a second',
        (point) => point.walksPerSecond,
        numberTold,
        ({ stepsPerSecond }) => `${numberTold(stepsPerSecond)} steps`,
      )}
      {tile('Waiting for a worker', (point) => point.waiting, numberTold)}
      {tile('Problems a second', (point) => point.problemsPerSecond, numberTold)}
      {tile('Event loop late, 99 %', (point) => point.loopDelayMs, msTold)}
      {tile(
        'Processor',
        (point) => point.cores,
        (cores) => `${Math.round(cores * 100)} %`,
        () => 'of a core',
      )}
      {tile('Memory', (point) => point.memoryBytes, bytesTold)}
    </dl>
  );
}
