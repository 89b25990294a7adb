import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Settings } from '../address/index.ts';
import { IconButton } from '../controls/index.ts';
import { type Condition, type FilterLine, conditions, filterOf, linesOf } from './filters.ts';

const labels: Readonly<Record<Condition, string>> = {
  is: 'is',
  not: 'is not',
  in: 'is one of',
  lt: '<',
  lte: '≤',
  gt: '>',
  gte: '≥',
  exists: 'exists',
};

/** The conditions that every item must meet. A line counts once it is complete. */
export function FilterEditor({
  filter,
  onChange,
}: {
  filter: Settings['filter'];
  onChange: (filter: Settings['filter']) => void;
}): JSX.Element {
  const [typed, setTyped] = useState<readonly FilterLine[]>(() => linesOf(filter));
  // When the URL brings another filter, it replaces the typed lines.
  const isReplaced = JSON.stringify(filterOf(typed)) !== JSON.stringify(filter);
  const lines = isReplaced ? linesOf(filter) : typed;
  const set = (next: readonly FilterLine[]): void => {
    setTyped(next);
    onChange(filterOf(next));
  };
  return (
    <fieldset>
      <legend>Filter</legend>
      {lines.map((line, i) => (
        <Line
          key={i}
          line={line}
          onChange={(change) => set(lines.with(i, { ...line, ...change }))}
          onRemove={() => set(lines.toSpliced(i, 1))}
        />
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

function Line({
  line: { field, condition, value },
  onChange,
  onRemove,
}: {
  line: FilterLine;
  onChange: (change: Partial<FilterLine>) => void;
  onRemove: () => void;
}): JSX.Element {
  return (
    <div class="filter">
      <input
        type="text"
        aria-label="Field"
        placeholder="field"
        value={field}
        onInput={(event: Event) => onChange({ field: valueOf(event) })}
      />
      <select
        aria-label="Condition"
        value={condition}
        onChange={(event: Event) => onChange({ condition: valueOf(event) as Condition })}
      >
        {conditions.map((each) => (
          <option key={each} value={each}>
            {labels[each]}
          </option>
        ))}
      </select>
      <input
        type="text"
        aria-label="Value"
        placeholder={condition === 'in' ? 'a, b' : condition === 'exists' ? 'true' : 'value'}
        value={value}
        onInput={(event: Event) => onChange({ value: valueOf(event) })}
      />
      <IconButton icon="close" class="small" label="Remove this condition" onClick={onRemove} />
    </div>
  );
}

function valueOf(event: Event): string {
  return (event.currentTarget as HTMLInputElement | HTMLSelectElement).value;
}
