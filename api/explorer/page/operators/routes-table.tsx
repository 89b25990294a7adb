import type { JSX } from 'preact';
import { formatCount, formatMs } from '../format/index.ts';
import type { RouteFigures } from '../traffic/index.ts';

const routesMax = 10;

/** The routes with the most requests since the server started. */
export function RoutesTable({ routes }: { routes: readonly RouteFigures[] | undefined }): JSX.Element {
  return (
    <>
      <table class="table routes" aria-label="Routes since the server started">
        <thead>
          <tr>
            <th scope="col">Route</th>
            {['Requests', 'p50', 'p95', 'Failed'].map((name) => (
              <th key={name} scope="col" class="is-number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {routes?.slice(0, routesMax).map(({ route, method, requests, p50Ms, p95Ms, failed }) => (
            <tr key={`${method} ${route}`}>
              <th scope="row">
                <span class="quiet">{method}</span> <code>{route}</code>
              </th>
              <td class="is-number">{formatCount(requests)}</td>
              <td class="is-number">{formatMs(p50Ms)}</td>
              <td class="is-number">{formatMs(p95Ms)}</td>
              <td class={failed > 0 ? 'is-number warn' : 'is-number'}>{formatCount(failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {routes?.length === 0 && <p class="quiet small">No requests since the server started.</p>}
    </>
  );
}
