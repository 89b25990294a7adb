import type { JSX } from 'preact';
import { paramNameLengthMax } from '../../../../engine/index.ts';
import type { ParamValue } from '../address/index.ts';
import type { Parameter } from './catalog.ts';
import { Slider } from './slider.tsx';

/** Sliders end here; larger numbers can be typed. */
const sliderMax = 1_000_000;

/** A parameter of the algorithm, as a slider, a list of choices, or a field for a name. */
export function ParameterEditor({
  parameter: { name, spec, defaultValue },
  label = name,
  about = spec.about,
  ends,
  value,
  onChange,
}: {
  parameter: Parameter;
  /** Default: its name. */
  label?: string;
  /** Default: the engine's description. */
  about?: string;
  /** Labels of the two ends of the slider. */
  ends?: readonly [string, string] | undefined;
  value: ParamValue | undefined;
  /** Called with `undefined` for the default. */
  onChange: (value: ParamValue | undefined) => void;
}): JSX.Element {
  const id = `param-${name}`;
  if (spec.kind === 'number' || spec.kind === 'integer') {
    return (
      <Slider
        id={id}
        label={label}
        about={about}
        ends={ends}
        value={typeof value === 'number' ? value : undefined}
        defaultValue={Number(defaultValue)}
        scale={{ min: spec.min, max: Math.min(spec.max, sliderMax), isInteger: spec.kind === 'integer' }}
        onChange={onChange}
      />
    );
  }
  const values = spec.kind === 'choice' ? spec.values : ['false', 'true'];
  const shown = String(value ?? defaultValue);
  const set = (text: string): void => {
    if (text === String(defaultValue)) onChange(undefined);
    else onChange(spec.kind === 'boolean' ? text === 'true' : text);
  };
  return (
    <div class={shown === String(defaultValue) ? 'slider' : 'slider is-set'}>
      <label class="slider-label clip" for={id}>
        {label}
      </label>
      {spec.kind === 'name' ? (
        <input
          id={id}
          type="text"
          value={shown}
          maxLength={paramNameLengthMax}
          aria-describedby={`${id}-about`}
          onChange={(event: Event) => set((event.currentTarget as HTMLInputElement).value)}
        />
      ) : (
        <select
          id={id}
          value={shown}
          aria-describedby={`${id}-about`}
          onChange={(event: Event) => set((event.currentTarget as HTMLSelectElement).value)}
        >
          {values.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      )}
      <p id={`${id}-about`} class="slider-about">
        {about}
      </p>
    </div>
  );
}
