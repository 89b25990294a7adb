import {
  type AlgorithmName,
  type Params,
  type Preset,
  type Target,
  algorithmNames,
  presets,
  resolveParamsOf,
} from '../../engine/index.ts';
/** A preset that pinwalk brings along. */
export type PresetName = keyof typeof presets;

/** What of a request says how it is answered. */
export interface AlgorithmAsked {
  readonly algorithm: string;
  /** The preset of the data folder that `algorithm` names, if any. */
  readonly own?: Preset | undefined;
  readonly params: Params;
  readonly target: Target;
}

/** The algorithm of a request, its parameters resolved: the preset's, under those given. */
export function resolveAlgorithm({ algorithm: asked, own, params, target }: AlgorithmAsked): {
  readonly name: AlgorithmName;
  readonly preset?: string;
  readonly params: Params;
} {
  const preset = own ?? (isPreset(asked) ? presets[asked] : undefined);
  if (preset === undefined) {
    const name = asked as AlgorithmName;
    return { name, params: resolveParamsOf(name, params) };
  }
  const settings = { ...preset.params };
  // What ends at boards and users is drawn, and neither sharpened nor discounted.
  if (target !== 'pins') for (const param of forPinsOnly) delete (settings as Record<string, unknown>)[param];
  const { algorithm: name } = preset;
  return { name, preset: asked, params: resolveParamsOf(name, { ...settings, ...params }) };
}

const forPinsOnly = ['lastHop', 'sharpening', 'sharpeningPins', 'boardSharpening', 'popularityDiscount'];

/** Of an algorithm or preset by its name; undefined when there is none. `own`: the data folder's own preset of that name. */
export function algorithmNameOf(asked: string, own: Preset | undefined): AlgorithmName | undefined {
  if (own !== undefined) return own.algorithm;
  return isPreset(asked) ? presets[asked].algorithm : algorithmNames.find((name) => name === asked);
}

function isPreset(asked: string): asked is PresetName {
  return Object.hasOwn(presets, asked);
}
