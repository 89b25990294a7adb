import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { type ParamValue, type QueryEntry, type Settings, isCommonName } from '../address/index.ts';
import { useGet } from '../context/index.ts';
import type { GraphResponse } from '../rest/index.ts';
import { AlgorithmSelect } from './algorithm-select.tsx';
import { type Parameter, mainParameters, parametersOf } from './catalog.ts';
import { isOfEngine, plainLevers } from './plain-levers.ts';
import { ExcludedPins } from './excluded-pins.tsx';
import { FilterEditor } from './filter-editor.tsx';
import { ParameterEditor } from './parameter-editor.tsx';

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
  const graph = useGet<GraphResponse>('/v1/graph');
  const own = graph.data?.presets ?? {};
  const parameters = parametersOf(settings, query, own);
  const set = (name: string, value: ParamValue | undefined): Settings => {
    if (isCommonName(name)) return { ...settings, [name]: value };
    const { [name]: _, ...others } = settings.params;
    return { ...settings, params: value === undefined ? others : { ...others, [name]: value } };
  };
  const editorOf = (
    parameter: Parameter,
    text?: Pick<Parameters<typeof ParameterEditor>[0], 'label' | 'about' | 'ends'>,
  ): JSX.Element => {
    const { name } = parameter;
    return (
      <ParameterEditor
        key={name}
        parameter={parameter}
        {...text}
        value={isCommonName(name) ? settings[name] : settings.params[name]}
        onChange={(value) => onChange(set(name, value), 'replace')}
      />
    );
  };
  const engine = parameters.filter(isOfEngine);
  const hasEngineSettings =
    settings.algorithm !== undefined ||
    engine.some(({ name }) => (isCommonName(name) ? settings[name] : settings.params[name]) !== undefined);
  // Open where the URL has such settings; from then on the visitor decides.
  const [isOpen, setOpen] = useState(hasEngineSettings);
  return (
    <div class="stack">
      {plainLevers(parameters).map(([parameter, text]) => editorOf(parameter, text))}
      <label class="field">
        <span>Recommend</span>
        <select
          value={settings.target ?? 'pins'}
          onChange={(event: Event) => {
            const { value } = event.currentTarget as HTMLSelectElement;
            const target = value === 'pins' ? undefined : value;
            onChange({ ...settings, target, ...(target !== undefined && { whyNot: [] }) }, 'push');
          }}
        >
          <option>pins</option>
          <option>boards</option>
          <option>users</option>
        </select>
      </label>
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
      <details
        class="more"
        open={isOpen}
        onToggle={(event: Event) => setOpen((event.currentTarget as HTMLDetailsElement).open)}
      >
        <summary>Engine settings</summary>
        <div class="stack">
          <AlgorithmSelect
            query={query}
            own={Object.keys(own)}
            value={settings.algorithm}
            // Parameters belong to their algorithm.
            onChange={(algorithm) => onChange({ ...settings, algorithm, params: {} }, 'push')}
          />
          {engine.filter(isMain).map((parameter) => editorOf(parameter))}
          <details class="more">
            <summary>More settings</summary>
            <div class="stack">
              {engine.filter((each) => !isMain(each)).map((parameter) => editorOf(parameter))}
            </div>
          </details>
        </div>
      </details>
    </div>
  );
}

function isMain({ name }: Parameter): boolean {
  return mainParameters.has(name);
}
