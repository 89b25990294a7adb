import { InvalidArgumentError } from 'commander';
import { type Setting, namedSetting, noSuchSetting } from '../../../api/index.ts';
import { type Params, resolveParamsOf } from '../../../engine/index.ts';
import type { OwnPresets } from '../../../graph-data/index.ts';
import { UsageError } from './options.ts';

/** The settings of some names, with what `--params` says for each. Throws a `UsageError` and `invalid-parameter`. */
export function settingsAsked(
  names: readonly string[],
  params: Readonly<Record<string, unknown>> | undefined,
  own: OwnPresets,
): Setting[] {
  return names.map((name) => {
    const setting = known(name, own);
    return {
      ...setting,
      params: resolveParamsOf(setting.algorithm, paramsFor(name, params, own) ?? setting.params),
    };
  });
}

/** What `--params` says for a name, by the name or for all of them. */
function paramsFor(
  name: string,
  params: Readonly<Record<string, unknown>> | undefined,
  own: OwnPresets,
): Params | undefined {
  if (params === undefined) return undefined;
  const isByName = Object.keys(params).some((each) => namedSetting(each, own) !== undefined);
  if (!isByName) return params as Params;
  for (const [each, value] of Object.entries(params)) {
    if (namedSetting(each, own) === undefined) {
      throw new UsageError(`--params: ${noSuchSetting(each, own)}`);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new UsageError(`--params: ${each} needs an object: {"${each}": {"name": value}}`);
    }
  }
  return params[name] as Params | undefined;
}

/** The names that an option gives: `pixie,paths`. */
export function algorithmList(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InvalidArgumentError(`"${twice}" is there twice.`);
  return names;
}

/** Two settings to compare: of each name, with what is given for it in place of its own. Throws as {@link settingsAsked} does. */
export function settingsCompared(
  names: readonly [string, string],
  given: readonly [
    Readonly<Record<string, unknown>> | undefined,
    Readonly<Record<string, unknown>> | undefined,
  ],
  own: OwnPresets,
): readonly [Setting, Setting] {
  const of = (i: 0 | 1): Setting => {
    const { name, algorithm, params } = known(names[i], own, i === 0 ? 'A' : 'B');
    const changed = Object.entries(given[i] ?? {}).map(([param, value]) => `${param}=${String(value)}`);
    return {
      name: [name, ...changed].join(' '),
      algorithm,
      params: resolveParamsOf(algorithm, { ...params, ...(given[i] as Params | undefined) }),
    };
  };
  const [a, b] = [of(0), of(1)];
  if (a.name === b.name) {
    throw new UsageError(`both are ${a.name}: name another setting, or its parameters with --params-b`);
  }
  return [a, b];
}

function known(name: string, own: OwnPresets, where = '--algorithms'): Setting {
  const setting = namedSetting(name, own);
  if (setting === undefined) throw new UsageError(`${where}: ${noSuchSetting(name, own)}`);
  return setting;
}
