import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Settings } from '../address/index.ts';
import { type Condition, type FilterLine, conditions, filterOf, linesOf } from './filters.ts';

const words: Readonly<Record<Condition, string>> = {
  is: 'is',
  not: 'is not',
  in: 'is one of',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  exists: 'exists',
};

/** Conditions that every item has to meet. A line counts once it is finished. */
export function FilterEditor({
  filter,
  onChange,
}: {
  filter: Settings['filter'];
  onChange: (filter: Settings['filter']) => void;
}): JSX.Element {
  const [typed, setTyped] = useState<readonly FilterLine[]>(() => linesOf(filter));
  // Another filter came by the URL: what was typed is past.
  const isPast = JSON.stringify(filterOf(typed)) !== JSON.stringify(filter);
  const lines = isPast ? linesOf(filter) : typed;
  const set = (next: readonly FilterLine[]): void => {
    setTyped(next);
    onChange(filterOf(next));
  };
  return (
    <fieldset class="filters">
      <legend>Filter</legend>
      {lines.map((line, i) => (
        <div key={i} class="filter">
          <input
            type="text"
            aria-label="Field"
            placeholder="field"
            value={line.field}
            onInput={(event: Event) => set(lines.with(i, { ...line, field: valueOf(event) }))}
          />
          <select
            aria-label="Condition"
            value={line.condition}
            onChange={(event: Event) =>
              set(lines.with(i, { ...line, condition: valueOf(event) as Condition }))
            }
          >
            {conditions.map((condition) => (
              <option key={condition} value={condition}>
                {words[condition]}
              </option>
            ))}
          </select>
          <input
            type="text"
            aria-label="Value"
            placeholder={line.condition === 'in' ? 'a, b' : line.condition === 'exists' ? 'true' : 'value'}
            value={line.value}
            onInput={(event: Event) => set(lines.with(i, { ...line, value: valueOf(event) }))}
          />
          <button
            type="button"
            class="icon-button small"
            aria-label="Remove this condition"
            onClick={() => set(lines.toSpliced(i, 1))}
          >
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d="m6 6 8 8m0-8-8 8" />
            </svg>
          </button>
        </div>
      ))}
      <button
        type="button"
        class="button"
        onClick={() => set([...lines, { field: '', condition: 'is', value: '' }])}
      >
        Add a condition
      </button>
    </fieldset>
  );
}

function valueOf(event: Event): string {
  return (event.currentTarget as HTMLInputElement | HTMLSelectElement).value;
}
