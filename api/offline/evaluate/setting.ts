import {
  type AlgorithmName,
  type Params,
  algorithmNames,
  feedParams,
  presets,
} from '../../../engine/index.ts';
import type { OwnPresets } from '../../../graph-data/index.ts';

/** What is measured: an algorithm with its parameters, under a name that tells it from the others. */
export interface Setting {
  readonly name: string;
  readonly algorithm: AlgorithmName;
  /** Those that are not the algorithm's defaults. */
  readonly params: Params;
}

/** No presets of one's own. */
const none: OwnPresets = new Map();

/** The setting that a name stands for: an algorithm as the `feed` preset has it, a preset, or one of the data folder's own. */
export function namedSetting(name: string, own: OwnPresets = none): Setting | undefined {
  const algorithm = algorithmNames.find((each) => each === name);
  if (algorithm !== undefined) return { name, algorithm, params: feedParams[algorithm] };
  const preset = Object.hasOwn(presets, name) ? presets[name as keyof typeof presets] : own.get(name);
  return preset === undefined ? undefined : { name, ...preset };
}

/** The names that {@link namedSetting} knows. */
export function settingNames(own: OwnPresets = none): string[] {
  return [...algorithmNames, ...Object.keys(presets), ...own.keys()];
}

/** The fault of a name that {@link namedSetting} does not know. */
export function noSuchSetting(name: string, own: OwnPresets = none): string {
  return `there is no algorithm or preset "${name}"; there are ${settingNames(own).join(', ')}`;
}
