import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { SearchChoice } from '../address/index.ts';
import { IconButton } from '../controls/index.ts';
import { formatCount } from '../format/index.ts';
import type { SearchResponse } from '../rest/index.ts';

type Filter = NonNullable<SearchChoice['filter']>;
type Counts = NonNullable<SearchResponse['facets']>[string];

const valuesShown = 8;

/** The values that hits have, each with their number. Choosing one narrows the hits down to it. */
export function FacetLists({
  facets,
  filter = {},
  onChange,
}: {
  facets: NonNullable<SearchResponse['facets']>;
  filter: SearchChoice['filter'];
  onChange: (filter: SearchChoice['filter']) => void;
}): JSX.Element | null {
  // Beside the hits they are open; above them, they would push the hits off the screen of a phone.
  const [isWide] = useState(() => matchMedia('(min-width: 901px)').matches);
  const without = (field: string): SearchChoice['filter'] => {
    const { [field]: _, ...others } = filter;
    return Object.keys(others).length === 0 ? undefined : others;
  };
  const set = (field: string, value: unknown): void => onChange({ ...filter, [field]: value });
  const fields = Object.entries(facets).filter(([, values]) => values.length > 0);
  if (fields.length === 0 && Object.keys(filter).length === 0) return null;
  return (
    <aside class="facets" aria-labelledby="facets-title">
      <details open={isWide}>
        <summary>
          <h2 id="facets-title">Narrow down</h2>
        </summary>
        <div class="stack">
          <Conditions filter={filter} onRemove={(field) => onChange(without(field))} />
          {fields.map(([field, values]) => (
            <Facet
              key={field}
              field={field}
              values={values}
              chosen={filter[field]}
              onChoose={(value) => (filter[field] === value ? onChange(without(field)) : set(field, value))}
            />
          ))}
          <p class="quiet small">Numbers of hits. A search looks at its best 1,000.</p>
        </div>
      </details>
    </aside>
  );
}

function Conditions({
  filter,
  onRemove,
}: {
  filter: Filter;
  onRemove: (field: string) => void;
}): JSX.Element | null {
  const fields = Object.entries(filter);
  if (fields.length === 0) return null;
  return (
    <ul class="chips" aria-label="Filter">
      {fields.map(([field, value]) => {
        const text = `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`;
        return (
          <li key={field} class="chip">
            <span class="clip">{text}</span>
            <IconButton
              icon="close"
              class="small"
              label={`Remove ${text}`}
              title="Remove"
              onClick={() => onRemove(field)}
            />
          </li>
        );
      })}
    </ul>
  );
}

function Facet({
  field,
  values,
  chosen,
  onChoose,
}: {
  field: string;
  values: Counts;
  chosen: unknown;
  onChoose: (value: Counts[number]['value']) => void;
}): JSX.Element {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? values : values.slice(0, valuesShown);
  return (
    <section class="stack tight" aria-label={field}>
      <h3>{field}</h3>
      <ul class="facet">
        {shown.map(({ value, count }) => (
          <li key={`${typeof value} ${value}`}>
            <button type="button" aria-pressed={value === chosen} onClick={() => onChoose(value)}>
              <span class="clip">{String(value)}</span>
              <span class="quiet number">{formatCount(count)}</span>
            </button>
          </li>
        ))}
      </ul>
      {values.length > shown.length && (
        <button type="button" class="button small" onClick={() => setWhole(true)}>
          {formatCount(values.length - shown.length)} more
        </button>
      )}
    </section>
  );
}
