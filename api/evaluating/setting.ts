import { type AlgorithmName, type Params, algorithmNames, feedParams, presets } from '../../engine/index.ts';

/** What is measured: an algorithm with its parameters, under a name that tells it from the others. */
export interface Setting {
  readonly name: string;
  readonly algorithm: AlgorithmName;
  /** Those that are not the algorithm's defaults. */
  readonly params: Params;
}

/** The setting that a name stands for: an algorithm as the `feed` preset has it, or a preset. */
export function namedSetting(name: string): Setting | undefined {
  const algorithm = algorithmNames.find((each) => each === name);
  if (algorithm !== undefined) return { name, algorithm, params: feedParams[algorithm] };
  return Object.hasOwn(presets, name) ? { name, ...presets[name as keyof typeof presets] } : undefined;
}

/** The names that {@link namedSetting} knows. */
export function settingNames(): string[] {
  return [...algorithmNames, ...Object.keys(presets)];
}
