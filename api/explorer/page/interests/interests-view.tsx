import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { Link, NodeLink, useExplorer, usePageTitle } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { counted, formatCount } from '../format/index.ts';
import { type InterestsResponse, type RestClient, useFetched } from '../rest/index.ts';

type Interest = InterestsResponse['interests'][number];

const pageSize = 200;
const childrenShown = 12;
const pinsShown = 3;

/** All interests of the graph: the top level, each with its pins and children. */
export function InterestsView(): JSX.Element {
  const { client, version } = useExplorer();
  const [pages, setPages] = useState(1);
  usePageTitle('Interests');
  const fetched = useFetched(async (signal) => readPages(client, pages, signal), [pages, version]);
  const { data, isStale } = fetched;
  const all = data?.interests ?? [];
  const roots = all.filter(({ parent }) => parent === null);
  const below = Map.groupBy(all, ({ parent }) => parent);
  return (
    <>
      <h1 class="view-head">Interests</h1>
      <ProblemMessage fetched={fetched} />
      {data !== undefined && roots.length === 0 && (
        <p class="placeholder">
          This graph has no interests. A build with analysis finds them in the saves, from ten pins on three
          boards.
        </p>
      )}
      <div class="interests">
        {roots.map((root) => (
          <Root key={root.id} root={root} below={below.get(root.id) ?? []} />
        ))}
      </div>
      {data !== undefined && data.nextCursor !== null && (
        <p class="more-interests">
          <button type="button" class="button" disabled={isStale} onClick={() => setPages(pages + 1)}>
            More
          </button>
        </p>
      )}
    </>
  );
}

function Root({ root, below }: { root: Interest; below: readonly Interest[] }): JSX.Element {
  const { titles } = useExplorer();
  const { id, name, counts, topPins } = root;
  for (const { pin, title } of topPins) titles.add({ kind: 'pin', key: pin }, title);
  return (
    <section class="panel stack" aria-labelledby={`interest-${id}`}>
      <div>
        <h2 id={`interest-${id}`}>
          <Link to={{ view: 'interests', id }} class="node-link">
            {name}
          </Link>
        </h2>
        <p class="quiet small number">
          {counted(counts.pins, 'pin')} · {counted(counts.boards, 'board')} · {counted(counts.saves, 'save')}
        </p>
      </div>
      <ul class="row small" aria-label="Most saved pins">
        {topPins.map(({ pin }) => (
          <li key={pin}>
            <NodeLink node={{ kind: 'pin', key: pin }} />
          </li>
        ))}
      </ul>
      {below.length > 0 && (
        <ul class="chips" aria-label="Narrower interests">
          {below.slice(0, childrenShown).map((each) => (
            <li key={each.id}>
              <Link to={{ view: 'interests', id: each.id }} class="chip">
                {each.name} <span class="quiet number">{formatCount(each.counts.pins)}</span>
              </Link>
            </li>
          ))}
          {counts.children > childrenShown && (
            <li>
              <Link to={{ view: 'interests', id }} class="chip">
                {formatCount(counts.children - childrenShown)} more
              </Link>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

async function readPages(
  client: RestClient,
  pages: number,
  signal: AbortSignal,
): Promise<Pick<InterestsResponse, 'interests' | 'nextCursor'>> {
  const interests: Interest[] = [];
  const parameters = new URLSearchParams({ depth: '2', limit: String(pageSize), pins: String(pinsShown) });
  let nextCursor: string | null = null;
  for (let page = 0; page < pages; page++) {
    if (nextCursor !== null) parameters.set('cursor', nextCursor);
    const next: InterestsResponse = await client.get(`/v1/interests?${parameters.toString()}`, signal);
    interests.push(...next.interests);
    ({ nextCursor } = next);
    if (nextCursor === null) break;
  }
  return { interests, nextCursor };
}
