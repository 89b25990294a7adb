import { InvalidArgumentError } from 'commander';
import { type NamedSettings, namedSettings } from '../../../api/offline/evaluate/index.ts';
import {
  type OwnPresets,
  type Params,
  changeSettings,
  resolvePipeline,
  settingsNamed,
  unknownName,
} from '../../../engine/index.ts';
import { UsageError } from './options.ts';

type ParamsByName = Readonly<Record<string, unknown>>;

/**
 * The named pipelines, with the changes of `--params`: `{"x": 0.8}` changes all of them, `{"paths": {"x": 0.8}}` one.
 * Throws a `UsageError`, and `invalid-parameter` for a fault of a parameter.
 */
export function pipelinesNamed(
  names: readonly string[],
  params: ParamsByName | undefined,
  own: OwnPresets,
): NamedSettings[] {
  return names.map((name) => {
    const { algorithm, params: base } = known(name, own, '--algorithms');
    const settings = changeSettings({ algorithm, params: base }, changesFor(name, params, own));
    resolvePipeline(settings);
    return { name, ...settings };
  });
}

/** Two pipelines to compare, each with its own changes. Throws as {@link pipelinesNamed} does. */
export function pipelinesCompared(
  names: readonly [string, string],
  changes: readonly [ParamsByName | undefined, ParamsByName | undefined],
  own: OwnPresets,
): readonly [NamedSettings, NamedSettings] {
  const of = (i: 0 | 1): NamedSettings => {
    const { name, algorithm, params } = known(names[i], own, i === 0 ? 'A' : 'B');
    const changed = Object.entries(changes[i] ?? {}).map(([param, value]) => `${param}=${String(value)}`);
    const settings = changeSettings({ algorithm, params }, (changes[i] ?? {}) as Params);
    resolvePipeline(settings);
    return { name: [name, ...changed].join(' '), servedAs: name, ...settings };
  };
  const [a, b] = [of(0), of(1)];
  if (a.name === b.name) {
    throw new UsageError(
      `A and B are both ${a.name}: name another pipeline, or change parameters with --params-b`,
    );
  }
  return [a, b];
}

/** Names of pipelines, separated by commas: `related,paths`. */
export function nameList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is listed twice.`);
  return names;
}

function changesFor(name: string, params: ParamsByName | undefined, own: OwnPresets): Params {
  if (params === undefined) return {};
  const isByName = Object.keys(params).some((each) => settingsNamed(each, own) !== undefined);
  if (!isByName) return params as Params;
  for (const [each, value] of Object.entries(params)) {
    if (settingsNamed(each, own) === undefined) throw new UsageError(`--params: ${unknownName(each, own)}`);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsageError(`--params: ${each} needs an object: {"${each}": {"name": value}}`);
    }
  }
  return (params[name] ?? {}) as Params;
}

function known(name: string, own: OwnPresets, where: string): NamedSettings {
  const settings = namedSettings(name, own);
  if (settings === undefined) throw new UsageError(`${where}: ${unknownName(name, own)}`);
  return settings;
}
