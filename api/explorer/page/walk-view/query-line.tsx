import type { JSX } from 'preact';
import type { QueryEntry } from '../address/index.ts';
import { Link, useExplorer } from '../context/index.ts';
import { ThingSearch } from '../search/index.ts';
import { useTitle } from '../titles/index.ts';

/** What the walk starts from, to be added to and taken from; weights and settings are the composer's. */
export function QueryLine({
  query,
  onChange,
}: {
  query: readonly QueryEntry[];
  onChange: (query: readonly QueryEntry[]) => void;
}): JSX.Element {
  const { client, version } = useExplorer();
  return (
    <div class="walk-query">
      {query.length > 0 && (
        <ul class="chips" aria-label="Query">
          {query.map((entry, i) => (
            <Entry
              key={`${entry.kind} ${entry.key}`}
              entry={entry}
              onRemove={() => onChange(query.toSpliced(i, 1))}
            />
          ))}
        </ul>
      )}
      <div class="walk-search">
        <ThingSearch
          id="walk-add"
          label="Add a pin, a board or a user to walk from"
          placeholder={query.length === 0 ? 'Walk from a pin, a board or a user' : 'Add another'}
          client={client}
          version={version}
          onPick={({ kind, key }) => {
            if (query.some((entry) => entry.kind === kind && entry.key === key)) return;
            onChange([...query, { kind, key, weight: 1 }]);
          }}
        />
      </div>
    </div>
  );
}

function Entry({ entry, onRemove }: { entry: QueryEntry; onRemove: () => void }): JSX.Element {
  const { titles } = useExplorer();
  const { kind, key } = entry;
  const title = useTitle(titles, entry);
  return (
    <li class="walk-entry">
      <Link to={{ view: 'thing', thing: { kind, key }, trail: [] }}>{title}</Link>
      {kind !== 'pin' && <span class="quiet small">{kind}</span>}
      <button type="button" class="icon-button small" aria-label={`Remove ${title}`} onClick={onRemove}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="m6 6 8 8m0-8-8 8" />
        </svg>
      </button>
    </li>
  );
}
