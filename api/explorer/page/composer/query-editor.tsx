import type { JSX } from 'preact';
import { type QueryEntry, nodeId, withNode } from '../address/index.ts';
import { Tile } from '../cards/index.ts';
import { NodeLink, useTitle } from '../context/index.ts';
import { IconButton } from '../controls/index.ts';
import { NodeSearch } from '../search/index.ts';
import { Slider } from './slider.tsx';

const entriesMax = 100;
const weights = { min: 0.1, max: 10, isInteger: false };

/** The nodes of the query, each with its weight. */
export function QueryEditor({
  query,
  onChange,
}: {
  query: readonly QueryEntry[];
  onChange: (query: readonly QueryEntry[], how: 'push' | 'replace') => void;
}): JSX.Element {
  return (
    <section class="panel stack" aria-labelledby="query-title">
      <h2 id="query-title">Query</h2>
      {query.length > 0 && (
        <ul class="stack" aria-label="Query">
          {query.map((entry, i) => (
            <Entry
              key={nodeId(entry)}
              entry={entry}
              id={`weight-${i}`}
              onWeight={(weight) => onChange(query.with(i, { ...entry, weight }), 'replace')}
              onRemove={() => onChange(query.toSpliced(i, 1), 'push')}
            />
          ))}
        </ul>
      )}
      {query.length < entriesMax && (
        <NodeSearch
          id="add"
          label="Add a pin, a board or a user"
          placeholder={query.length === 0 ? 'Add a pin, a board or a user' : 'Add another'}
          onPick={(node) => onChange(withNode(query, node), 'push')}
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
  const { kind, weight } = entry;
  const title = useTitle(entry);
  return (
    <li class="entry">
      <Tile name={title} imageUrl={undefined} />
      <div class="entry-text">
        <div class="row apart">
          <NodeLink node={entry} />
          <IconButton
            icon="close"
            class="small"
            label={`Remove ${title}`}
            title="Remove"
            onClick={onRemove}
          />
        </div>
        <Slider
          id={id}
          label={kind === 'pin' ? 'weight' : `weight of the ${kind}`}
          value={weight}
          defaultValue={1}
          scale={weights}
          onChange={(next) => onWeight(next === undefined || next <= 0 ? 1 : next)}
        />
      </div>
    </li>
  );
}
