import type { JSX } from 'preact';

/** Buttons of which exactly one is pressed. */
export function Segments<Value extends number | string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  /** Each value with its text. */
  options: readonly (readonly [Value, string])[];
  value: Value;
  onChange: (value: Value) => void;
}): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={label}>
      {options.map(([each, text]) => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => onChange(each)}>
          {text}
        </button>
      ))}
    </div>
  );
}
