import type { JSX } from 'preact';
import { type Scale, positionOf, positions, valueAt } from './scale.ts';

/** A number to turn: by slider, by typing, and back to what it usually is. */
export function Slider({
  id,
  label,
  about,
  value,
  usual,
  scale,
  onChange,
}: {
  id: string;
  label: string;
  about?: string;
  value: number | undefined;
  usual: number;
  scale: Scale;
  /** `undefined` for the usual value. */
  onChange: (value: number | undefined) => void;
}): JSX.Element {
  const shown = value ?? usual;
  const isSet = value !== undefined && value !== usual;
  const set = (next: number): void => onChange(next === usual ? undefined : next);
  return (
    <div class={isSet ? 'slider is-set' : 'slider'}>
      <label class="slider-label" for={id}>
        {label}
      </label>
      <button
        type="button"
        class="slider-reset"
        hidden={!isSet}
        title={`Back to ${usual}`}
        aria-label={`${label}: back to ${usual}`}
        onClick={() => onChange(undefined)}
      >
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M5 9a5.5 5.5 0 1 1 1.2 4.5M5 4.5V9h4.5" />
        </svg>
      </button>
      <input
        class="slider-number"
        type="number"
        aria-label={`${label}, as a number`}
        value={shown}
        step={scale.isInteger ? 1 : 'any'}
        onChange={(event: Event) => {
          const { valueAsNumber } = event.currentTarget as HTMLInputElement;
          if (Number.isFinite(valueAsNumber)) set(valueAsNumber);
        }}
      />
      <input
        id={id}
        class="slider-range"
        type="range"
        min={0}
        max={positions}
        step={stepOf(scale)}
        value={positionOf(shown, scale)}
        aria-valuetext={String(shown)}
        {...(about !== undefined && { 'aria-describedby': `${id}-about` })}
        onInput={(event: Event) => {
          set(valueAt((event.currentTarget as HTMLInputElement).valueAsNumber, scale));
        }}
      />
      {about !== undefined && (
        <p id={`${id}-about`} class="slider-about">
          {about}
        </p>
      )}
    </div>
  );
}

/** An arrow key moves by a hundredth, or by one where there are fewer values. */
function stepOf({ min, max, isInteger }: Scale): number {
  return isInteger && max - min < 100 ? positions / (max - min) : positions / 100;
}
