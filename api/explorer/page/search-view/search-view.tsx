import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { SearchChoice } from '../address/index.ts';
import { Link, useExplorer, usePageTitle } from '../context/index.ts';
import { ProblemMessage } from '../controls/index.ts';
import { type SearchResponse, useFetched } from '../rest/index.ts';
import { FacetLists } from './facet-lists.tsx';
import { HitList } from './hit-list.tsx';
import { readPages } from './read-pages.ts';
import { SearchForm } from './search-form.tsx';

const buildingPauseMs = 1_500;

/** A search of pins: hits with what matches and why, and the values to narrow them down by. */
export function SearchView({ search }: { search: SearchChoice }): JSX.Element {
  const { client, version, go } = useExplorer();
  const { q } = search;
  const choice = JSON.stringify(search);
  const [more, setMore] = useState({ choice, pages: 1 });
  // Another search starts with its first page.
  const pages = more.choice === choice ? more.pages : 1;
  usePageTitle(q === '' ? 'Search' : `${q}: search`);
  const fetched = useFetched(
    async (signal) => readPages(client, search, pages, signal),
    [choice, pages, version],
  );
  const { data, problem, isStale, retry } = fetched;
  const isBuilding = data?.index === 'building' && !isStale;
  useEffect(() => {
    if (!isBuilding) return undefined;
    const timer = setTimeout(retry, buildingPauseMs);
    return () => clearTimeout(timer);
  }, [isBuilding, data]);
  const set = (change: Partial<SearchChoice>, how: 'push' | 'replace' = 'push'): void =>
    go({ view: 'search', search: { ...search, ...change } }, how);
  return (
    <>
      <h1 class="view-head">Search</h1>
      <SearchForm search={search} onChange={set} />
      <ProblemMessage fetched={fetched} />
      {problem !== undefined && search.filter !== undefined && (
        <p class="row after-problem">
          <button type="button" class="button" onClick={() => set({ filter: undefined })}>
            Remove the filter
          </button>
        </p>
      )}
      {q.trim() === '' && (
        <p class="placeholder">
          Type some words. Pins are found by their titles, tags and texts, by the titles of their boards, and
          by words that go together with yours.
        </p>
      )}
      {data !== undefined && problem === undefined && q.trim() !== '' && (
        <div class="columns">
          <section class="stack" aria-labelledby="hits-title">
            <h2 id="hits-title">Pins</h2>
            <Notes response={data} search={search} />
            <HitList items={data.items} user={search.user} isStale={isStale} />
            {data.nextCursor !== null && (
              <div>
                <button
                  type="button"
                  class="button"
                  disabled={isStale}
                  onClick={() => setMore({ choice, pages: pages + 1 })}
                >
                  More
                </button>
              </div>
            )}
          </section>
          <FacetLists
            facets={data.facets ?? {}}
            filter={search.filter}
            onChange={(filter) => set({ filter })}
          />
        </div>
      )}
    </>
  );
}

/** The corrected words, other possible meanings, and why there are few results. */
function Notes({ response, search }: { response: SearchResponse; search: SearchChoice }): JSX.Element {
  const { items, index, corrections = {}, suggestions = [] } = response;
  const shown = new Set([search.q.trim(), ...items.map(({ title, pin }) => title ?? pin)].map(folded));
  const others = suggestions.filter(({ text }) => !shown.has(folded(text)));
  return (
    <>
      {Object.entries(corrections).map(([word, meant]) => (
        <p key={word}>
          No pin has “{word}”: these are for <strong>{meant.join(', ')}</strong>.
        </p>
      ))}
      {index === 'building' && (
        <p class="quiet" role="status">
          The text index is being built. Until it is ready, keys and titles rank.
        </p>
      )}
      {items.length === 0 && index !== 'building' && (
        <p class="quiet">
          {search.filter === undefined
            ? 'No pin has these words.'
            : 'No pin that meets the filter has these words.'}
        </p>
      )}
      {others.length > 0 && (
        <ul class="chips" aria-label="Suggestions">
          {others.map(({ text, kind, key }) => (
            <li key={`${kind} ${key}`}>
              <Link to={{ view: 'search', search: { ...search, q: text.slice(0, 200) } }} class="chip">
                {text}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function folded(text: string | undefined): string {
  return (text ?? '').toLowerCase();
}
