import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useExplorer } from '../context/index.ts';
import { ProblemMessage, Segments } from '../controls/index.ts';
import { formatCount } from '../format/index.ts';
import { useFetched } from '../rest/index.ts';
import { RateLine } from './rate-line.tsx';

/** The part of `GET /v1/reports/engagement` that the panel shows. */
interface Engagement {
  readonly total: Row;
  readonly rows: readonly (Row & { readonly group: string | null })[];
}
interface Row {
  readonly impressions: number;
  readonly actions: readonly {
    readonly kind: string;
    readonly rate: number;
    readonly low: number;
    readonly high: number;
  }[];
}

const surfacesMax = 6;

/** The share of impressions with an action, day by day, of the surfaces with the most impressions. */
export function EngagementPanel(): JSX.Element {
  const { client, version } = useExplorer();
  const [kind, setKind] = useState<string>();
  const fetched = useFetched(
    async (signal) => {
      const { rows, total } = await client.get<Engagement>('/v1/reports/engagement?by=surface', signal);
      const largest = rows
        .filter(({ group }) => group !== null)
        .toSorted((a, b) => b.impressions - a.impressions)
        .slice(0, surfacesMax);
      const surfaces: { surface: string; byDay: Engagement }[] = [];
      for (const { group } of largest) {
        const path = `/v1/reports/engagement?by=day&surface=${encodeURIComponent(group!)}`;
        surfaces.push({ surface: group!, byDay: await client.get<Engagement>(path, signal) });
      }
      return { kinds: total.actions.map((each) => each.kind), surfaces };
    },
    [version],
  );
  const { kinds = [], surfaces = [] } = fetched.data ?? {};
  const shown = kind ?? kinds.find((each) => each === 'click') ?? kinds[0];
  return (
    <section class="panel stack" aria-labelledby="engagement-title">
      <div class="row apart">
        <h2 id="engagement-title">Engagement by surface</h2>
        {kinds.length > 1 && (
          <Segments
            label="Action"
            options={kinds.slice(0, 4).map((each) => [each, each] as const)}
            value={shown ?? ''}
            onChange={setKind}
          />
        )}
      </div>
      <p class="quiet small">
        Share of the impressions of the last 28 days with {shown === undefined ? 'an action' : `a ${shown}`},
        with 95 % intervals.
      </p>
      <ProblemMessage fetched={fetched} />
      {fetched.data !== undefined && surfaces.length === 0 && (
        <p class="quiet">
          Nothing was recorded yet: send requests with <code>surface</code> and <code>record</code>, and
          clicks to <code>POST /v1/interactions</code>.
        </p>
      )}
      <dl class="surfaces">
        {surfaces.map(({ surface, byDay }) => (
          <div key={surface}>
            <dt>
              {surface} <span class="quiet small">{formatCount(byDay.total.impressions)} impressions</span>
            </dt>
            <dd>
              <RateLine
                days={byDay.rows.map(({ group, actions }) => ({
                  day: group ?? '',
                  rate: actions.find((each) => each.kind === shown),
                }))}
                total={byDay.total.actions.find((each) => each.kind === shown)}
              />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
