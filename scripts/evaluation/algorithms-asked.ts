import { InvalidArgumentError } from 'commander';
import { type Setting, namedSetting, settingNames } from '../../api/index.ts';
import { type Params, resolveParamsOf } from '../../engine/index.ts';
import { UsageError } from '../options.ts';

/** The settings of some names, with what `--params` says for each. Throws a `UsageError` and `invalid-parameter`. */
export function settingsAsked(
  names: readonly string[],
  params: Readonly<Record<string, unknown>> | undefined,
): Setting[] {
  return names.map((name) => {
    const setting = known(name);
    return {
      ...setting,
      params: resolveParamsOf(setting.algorithm, paramsFor(name, params) ?? setting.params),
    };
  });
}

/** What `--params` says for a name, by the name or for all of them. */
function paramsFor(name: string, params: Readonly<Record<string, unknown>> | undefined): Params | undefined {
  if (params === undefined) return undefined;
  const isByName = Object.keys(params).some((each) => namedSetting(each) !== undefined);
  if (!isByName) return params as Params;
  for (const [each, value] of Object.entries(params)) {
    if (namedSetting(each) === undefined) {
      throw new UsageError(`--params: there is no algorithm ${each}; there are ${settingNames().join(', ')}`);
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

function known(name: string): Setting {
  const setting = namedSetting(name);
  if (setting !== undefined) return setting;
  throw new UsageError(`--algorithms: There is no "${name}"; there are ${settingNames().join(', ')}`);
}
