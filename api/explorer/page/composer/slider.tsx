import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { IconButton } from '../controls/index.ts';
import { type Scale, positionOf, positions, valueAt } from './scale.ts';

/** A number, set by a slider or by typing, with a button that restores its default. */
export function Slider({
  id,
  label,
  about,
  ends,
  value,
  defaultValue,
  scale,
  onChange,
}: {
  id: string;
  label: string;
  about?: string;
  /** Labels of the two ends. */
  ends?: readonly [string, string] | undefined;
  value: number | undefined;
  defaultValue: number;
  scale: Scale;
  /** Called with `undefined` for the default. */
  onChange: (value: number | undefined) => void;
}): JSX.Element {
  const shown = value ?? defaultValue;
  const isSet = shown !== defaultValue;
  const set = (next: number): void => {
    if (Number.isFinite(next)) onChange(next === defaultValue ? undefined : next);
  };
  const typed = useRef<HTMLInputElement>(null);
  // Only when the value changes: results that arrive while somebody types leave the digits alone.
  useLayoutEffect(() => {
    typed.current!.value = String(shown);
  }, [shown]);
  return (
    <div class={isSet ? 'slider is-set' : 'slider'}>
      <label class="slider-label clip" for={id}>
        {label}
      </label>
      <IconButton
        icon="reset"
        label={`${label}: back to ${defaultValue}`}
        title={`Back to ${defaultValue}`}
        isHidden={!isSet}
        onClick={() => onChange(undefined)}
      />
      <input
        type="number"
        aria-label={`${label}, as a number`}
        ref={typed}
        step={scale.isInteger ? 1 : 'any'}
        onChange={(event: Event) => set((event.currentTarget as HTMLInputElement).valueAsNumber)}
      />
      <input
        id={id}
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
      {ends !== undefined && (
        <p class="slider-ends" aria-hidden="true">
          <span>{ends[0]}</span>
          <span>{ends[1]}</span>
        </p>
      )}
      {about !== undefined && (
        <p id={`${id}-about`} class="slider-about">
          {about}
        </p>
      )}
    </div>
  );
}

/** An arrow key moves by a hundredth of the range, or by one where the range has fewer integers. */
function stepOf({ min, max, isInteger }: Scale): number {
  return isInteger && max - min < 100 ? positions / (max - min) : positions / 100;
}
