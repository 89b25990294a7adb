import type { JSX } from 'preact';
import type { QueryEntry, ThingName } from '../address/index.ts';
import { Tile } from '../cards/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { ThingSearch } from '../search/index.ts';
import { useTitle } from '../titles/index.ts';
import { Slider } from './slider.tsx';

const entriesMax = 100;
const weights = { min: 0.1, max: 10, isInteger: false };

/** What the walk starts from, each with its weight. */
export function QueryEditor({
  query,
  onChange,
}: {
  query: readonly QueryEntry[];
  onChange: (query: readonly QueryEntry[], how: 'push' | 'replace') => void;
}): JSX.Element {
  const { client, version } = useExplorer();
  const add = ({ kind, key }: ThingName): void => {
    if (query.some((entry) => entry.kind === kind && entry.key === key)) return;
    onChange([...query, { kind, key, weight: 1 }], 'push');
  };
  return (
    <section class="panel" aria-labelledby="query-title">
      <h2 id="query-title">From</h2>
      {query.length > 0 && (
        <ul class="entries" aria-label="Query">
          {query.map((entry, i) => (
            <Entry
              key={`${entry.kind} ${entry.key}`}
              entry={entry}
              id={`weight-${i}`}
              onWeight={(weight) => onChange(query.with(i, { ...entry, weight }), 'replace')}
              onRemove={() => onChange(query.toSpliced(i, 1), 'push')}
            />
          ))}
        </ul>
      )}
      {query.length < entriesMax && (
        <ThingSearch
          id="add"
          label="Add a pin, a board or a user"
          placeholder={query.length === 0 ? 'Add a pin, a board or a user' : 'Add another'}
          client={client}
          version={version}
          onPick={add}
        />
      )}
    </section>
  );
}

function Entry({
  entry,
  id,
  onWeight,
  onRemove,
}: {
  entry: QueryEntry;
  id: string;
  onWeight: (weight: number) => void;
  onRemove: () => void;
}): JSX.Element {
  const { titles } = useExplorer();
  const { kind, key, weight } = entry;
  const title = useTitle(titles, entry);
  return (
    <li class="entry">
      <Tile name={title} imageUrl={undefined} />
      <div class="entry-text">
        <div class="row apart">
          <Link to={{ view: 'thing', thing: { kind, key }, trail: [] }} class="entry-title" title={title}>
            {title}
          </Link>
          <button
            type="button"
            class="icon-button small"
            aria-label={`Remove ${title}`}
            title="Remove"
            onClick={onRemove}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="m6 6 8 8m0-8-8 8" />
            </svg>
          </button>
        </div>
        <Slider
          id={id}
          label={kind === 'pin' ? 'weight' : `weight of the ${kind}`}
          value={weight}
          usual={1}
          scale={weights}
          onChange={(next) => onWeight(next === undefined || next <= 0 ? 1 : next)}
        />
      </div>
    </li>
  );
}
