import type { JSX } from 'preact';
import type { ParamValue, QueryEntry, Settings } from '../address/index.ts';
import {
  type ParamSpec,
  type ScalarSetting,
  algorithmNames,
  mainParameters,
  parametersOf,
  presetNames,
  scalarSettings,
  usualAlgorithm,
} from './catalog.ts';
import { FilterEditor } from './filter-editor.tsx';
import { LeftOut } from './left-out.tsx';
import { Slider } from './slider.tsx';

export interface SettingsEditorProps {
  readonly query: readonly QueryEntry[];
  readonly settings: Settings;
  readonly onChange: (settings: Settings, how: 'push' | 'replace') => void;
}

/** All that a request can say beside its query, with what each part means. */
export function SettingsEditor({ query, settings, onChange }: SettingsEditorProps): JSX.Element {
  const { name, parameters } = parametersOf(settings, query);
  const turn = (param: string, value: ParamValue | undefined): void => {
    const others = Object.entries(settings.params).filter(([each]) => each !== param);
    const params = Object.fromEntries(value === undefined ? others : [...others, [param, value]]);
    onChange({ ...settings, params }, 'replace');
  };
  const parameter = (each: (typeof parameters)[number]): JSX.Element => (
    <Parameter key={each.name} {...each} value={settings.params[each.name]} onChange={turn} />
  );
  const scalar = (each: ScalarSetting): JSX.Element => (
    <Slider
      key={each.name}
      id={`set-${each.name}`}
      label={each.label}
      about={each.about}
      value={settings[each.name]}
      usual={each.usual}
      scale={each}
      onChange={(value) => onChange({ ...settings, [each.name]: value }, 'replace')}
    />
  );
  const [diversity, hubs, ...others] = scalarSettings;
  return (
    <div class="settings">
      <div class="pair">
        <label class="field">
          <span>Algorithm</span>
          <select
            value={settings.algorithm ?? ''}
            // Parameters belong to their algorithm.
            onChange={(event: Event) =>
              onChange({ ...settings, algorithm: chosen(event), params: {} }, 'push')
            }
          >
            <option value="">{`usual (${usualAlgorithm(query)})`}</option>
            <optgroup label="Presets">
              {presetsWith(settings.algorithm).map((preset) => (
                <option key={preset}>{preset}</option>
              ))}
            </optgroup>
            <optgroup label="Algorithms">
              {algorithmNames.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </optgroup>
          </select>
        </label>
        <label class="field">
          <span>Recommend</span>
          <select
            value={settings.target ?? ''}
            onChange={(event: Event) => onChange({ ...settings, target: chosen(event) }, 'push')}
          >
            <option value="">pins</option>
            <option>boards</option>
            <option>users</option>
          </select>
        </label>
      </div>
      {parameters.filter((each) => mainParameters.has(each.name)).map(parameter)}
      {[diversity!, hubs!].map(scalar)}
      <FilterEditor
        filter={settings.filter}
        onChange={(filter) => onChange({ ...settings, filter }, 'replace')}
      />
      {settings.without.length > 0 && (
        <LeftOut
          pins={settings.without}
          onBack={(pin) =>
            onChange({ ...settings, without: settings.without.filter((each) => each !== pin) }, 'push')
          }
        />
      )}
      <details class="more">
        <summary>
          More of <code>{name}</code>, and of the answer
        </summary>
        <div class="settings">
          {parameters.filter((each) => !mainParameters.has(each.name)).map(parameter)}
          {others.map(scalar)}
        </div>
      </details>
    </div>
  );
}

/** Sliders end here; a larger number can be typed. */
const sliderMax = 1_000_000;

function Parameter({
  name,
  spec,
  usual,
  value,
  onChange,
}: {
  name: string;
  spec: ParamSpec;
  usual: ParamValue;
  value: ParamValue | undefined;
  onChange: (name: string, value: ParamValue | undefined) => void;
}): JSX.Element {
  const id = `param-${name}`;
  if (spec.kind === 'number' || spec.kind === 'integer') {
    return (
      <Slider
        id={id}
        label={name}
        about={spec.about}
        value={typeof value === 'number' ? value : undefined}
        usual={Number(usual)}
        scale={{ min: spec.min, max: Math.min(spec.max, sliderMax), isInteger: spec.kind === 'integer' }}
        onChange={(next) => onChange(name, next)}
      />
    );
  }
  const values = spec.kind === 'choice' ? spec.values : ['false', 'true'];
  const told = String(value ?? usual);
  const set = (text: string): void => {
    if (text === String(usual)) onChange(name, undefined);
    else onChange(name, spec.kind === 'boolean' ? text === 'true' : text);
  };
  return (
    <div class={told === String(usual) ? 'slider' : 'slider is-set'}>
      <label class="slider-label" for={id}>
        {name}
      </label>
      <select
        id={id}
        class="slider-choice"
        value={told}
        aria-describedby={`${id}-about`}
        onChange={(event: Event) => set((event.currentTarget as HTMLSelectElement).value)}
      >
        {values.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <p id={`${id}-about`} class="slider-about">
        {spec.about}
      </p>
    </div>
  );
}

/** A data folder can have presets of its own, which are known here only by their names in the URL. */
function presetsWith(asked: string | undefined): readonly string[] {
  const isKnown = asked === undefined || algorithmNames.includes(asked) || presetNames.includes(asked);
  return isKnown ? presetNames : [...presetNames, asked];
}

function chosen(event: Event): string | undefined {
  const { value } = event.currentTarget as HTMLSelectElement;
  return value === '' ? undefined : value;
}
