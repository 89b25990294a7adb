import type { JSX } from 'preact';
import type { QueryEntry } from '../address/index.ts';
import { algorithmNames, defaultAlgorithm, presetNames } from './catalog.ts';

export function AlgorithmSelect({
  query,
  own,
  value,
  onChange,
}: {
  query: readonly QueryEntry[];
  /** Names of the data folder's own presets, as far as they are known. */
  own: readonly string[];
  /** Undefined for the default. */
  value: string | undefined;
  onChange: (algorithm: string | undefined) => void;
}): JSX.Element {
  const isAlgorithm = value === undefined || algorithmNames.includes(value);
  const presets = [...new Set([...presetNames, ...own, ...(isAlgorithm ? [] : [value])])];
  return (
    <label class="field">
      <span>Algorithm</span>
      <select
        value={value ?? ''}
        onChange={(event: Event) => {
          const { value: chosen } = event.currentTarget as HTMLSelectElement;
          onChange(chosen === '' ? undefined : chosen);
        }}
      >
        <option value="">{`default (${defaultAlgorithm(query)})`}</option>
        <Options label="Presets" names={presets} />
        <Options label="Algorithms" names={algorithmNames} />
      </select>
    </label>
  );
}

function Options({ label, names }: { label: string; names: readonly string[] }): JSX.Element {
  return (
    <optgroup label={label}>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </optgroup>
  );
}
