import type { JSX } from 'preact';
import type { ParamValue, QueryEntry, Settings } from '../address/index.ts';
import {
  type Parameter,
  type ScalarSetting,
  mainParameters,
  parametersOf,
  scalarSettings,
} from './catalog.ts';
import { AlgorithmSelect } from './algorithm-select.tsx';
import { ExcludedPins } from './excluded-pins.tsx';
import { FilterEditor } from './filter-editor.tsx';
import { ParameterEditor } from './parameter-editor.tsx';
import { Slider } from './slider.tsx';

/** Everything of a request except its query, each setting with its meaning. */
export function SettingsEditor({
  query,
  settings,
  onChange,
}: {
  query: readonly QueryEntry[];
  settings: Settings;
  onChange: (settings: Settings, how: 'push' | 'replace') => void;
}): JSX.Element {
  const parameters = parametersOf(settings, query);
  const setParam = (name: string, value: ParamValue | undefined): void => {
    const { [name]: _, ...others } = settings.params;
    onChange({ ...settings, params: value === undefined ? others : { ...others, [name]: value } }, 'replace');
  };
  const parameterEditor = (parameter: Parameter): JSX.Element => (
    <ParameterEditor
      key={parameter.name}
      parameter={parameter}
      value={settings.params[parameter.name]}
      onChange={(value) => setParam(parameter.name, value)}
    />
  );
  const scalarSlider = ({ name, about, defaultValue, ...scale }: ScalarSetting): JSX.Element => (
    <Slider
      key={name}
      id={`set-${name}`}
      label={name}
      about={about}
      value={settings[name]}
      defaultValue={defaultValue}
      scale={scale}
      onChange={(value) => onChange({ ...settings, [name]: value }, 'replace')}
    />
  );
  return (
    <div class="stack">
      <div class="pair">
        <AlgorithmSelect
          query={query}
          value={settings.algorithm}
          // Parameters belong to their algorithm.
          onChange={(algorithm) => onChange({ ...settings, algorithm, params: {} }, 'push')}
        />
        <label class="field">
          <span>Recommend</span>
          <select
            value={settings.target ?? 'pins'}
            onChange={(event: Event) => {
              const { value } = event.currentTarget as HTMLSelectElement;
              onChange({ ...settings, target: value === 'pins' ? undefined : value }, 'push');
            }}
          >
            <option>pins</option>
            <option>boards</option>
            <option>users</option>
          </select>
        </label>
      </div>
      {parameters.filter(isMain).map(parameterEditor)}
      {scalarSettings.slice(0, 2).map(scalarSlider)}
      <FilterEditor
        filter={settings.filter}
        onChange={(filter) => onChange({ ...settings, filter }, 'replace')}
      />
      {settings.without.length > 0 && (
        <ExcludedPins
          pins={settings.without}
          onInclude={(pin) =>
            onChange({ ...settings, without: settings.without.filter((each) => each !== pin) }, 'push')
          }
        />
      )}
      <details class="more">
        <summary>More settings</summary>
        <div class="stack">
          {parameters.filter((each) => !isMain(each)).map(parameterEditor)}
          {scalarSettings.slice(2).map(scalarSlider)}
        </div>
      </details>
    </div>
  );
}

function isMain({ name }: Parameter): boolean {
  return mainParameters.has(name);
}
