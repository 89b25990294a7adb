import { hintOf } from '../base/index.ts';
import { algorithmNames } from './algorithms.ts';
import type { NodeKind } from '../graph/index.ts';
import { type PipelineSettings, canTarget } from './pipeline.ts';
import { manyPinsParams } from './query-size.ts';

const { pinShrinkage, boardShrinkage, sharpening, sharpeningPins, boardSharpening } = manyPinsParams;

const sharpenedSteps = { ...manyPinsParams, lastHop: 'spread' };

type PresetName = 'related' | 'ideas' | 'feed' | 'feed-exact';

/**
 * - `related`: what goes with one pin, or several: the more there are, the more it walks like `ideas`.
 * - `ideas`: pins for a board, from the pins on it.
 * - `feed`: pins for a user, from their history.
 * - `feed-exact`: the scores that the walk of `feed` samples, computed without chance, at many times the cost.
 */
export const presets: Readonly<Record<PresetName, PipelineSettings>> = {
  related: {
    algorithm: 'pixie',
    params: {
      steps: 30_000,
      stepsPerQueryPin: 5_000,
      restartProbability: 0.4,
      lastHop: 'spread',
      specificity: 0.5,
      fadePins: 2,
    },
  },
  ideas: { algorithm: 'pixie', params: { ...sharpenedSteps, steps: 30_000 } },
  feed: { algorithm: 'pixie', params: { ...sharpenedSteps, steps: 100_000 } },
  'feed-exact': {
    algorithm: 'paths',
    params: {
      pinShrinkage,
      boardShrinkage,
      sharpening,
      sharpeningPins,
      boardSharpening,
      x: 0.8,
      y: 1,
      z: 0.15,
    },
  },
};

/**
 * The pipelines of requests that name no algorithm: a data folder may have its own under these names, as tuning
 * makes them.
 */
export const replaceablePresets: readonly string[] = ['related', 'ideas', 'feed'] satisfies PresetName[];

/**
 * Named pipelines of a data folder, in addition to the built-in ones or replacing {@link replaceablePresets}.
 */
export type OwnPresets = ReadonlyMap<string, PipelineSettings>;

const none: OwnPresets = new Map();

/** The settings of a name: an algorithm with its defaults, one of the folder's own presets, or a built-in one. */
export function settingsNamed(name: string, own: OwnPresets = none): PipelineSettings | undefined {
  const algorithm = algorithmNames.find((each) => each === name);
  if (algorithm !== undefined) return { algorithm, params: {} };
  return own.get(name) ?? (Object.hasOwn(presets, name) ? presets[name as PresetName] : undefined);
}

/**
 * {@link settingsNamed} for a target: boards and users come from walks, so where a folder's own preset does not walk, the
 * built-in one of that name serves them.
 */
export function settingsForTarget(
  name: string,
  target: NodeKind,
  own: OwnPresets = none,
): PipelineSettings | undefined {
  const settings = settingsNamed(name, own);
  if (settings === undefined || target === 'pins' || canTarget(settings.algorithm)) return settings;
  return settingsNamed(name) ?? settings;
}

/** The names that {@link settingsNamed} knows. */
export function settingNames(own: OwnPresets = none): string[] {
  return [...new Set([...algorithmNames, ...Object.keys(presets), ...own.keys()])];
}

/** The fault of a name that {@link settingsNamed} does not know. */
export function unknownName(name: string, own: OwnPresets = none): string {
  return `there is no algorithm or preset ${JSON.stringify(name)}; ${hintOf(name, settingNames(own))}`;
}
