import {
  type Params,
  type SearchSpace,
  type SpaceSetting,
  faultsOf,
  gridSettings,
  randomSettings,
} from '../../../engine/index.ts';
import type { PlacedFault } from './read-space.ts';

/** The search method of a sweep (docs/sweep.md). */
export type SearchMethod =
  | { readonly method: 'grid' }
  | { readonly method: 'random'; readonly trials: number }
  | {
      readonly method: 'halving';
      readonly trials: number;
      /** The best 1/eta of the settings of a round continue, with eta times as many users. */
      readonly eta: number;
      /** Minimum number of users of a round. */
      readonly usersMin: number;
    };

/** The settings that a search tries, in order. */
export function settingsToTry(
  search: SearchMethod,
  space: readonly SearchSpace[],
  randomSeed: number,
): SpaceSetting[] {
  return search.method === 'grid' ? gridSettings(space) : randomSettings(space, search.trials, randomSeed);
}

/** A fault for each entry of the space with settings whose parameters exclude each other. */
export function conflictsOf(
  settings: readonly SpaceSetting[],
  spaces: readonly SearchSpace[],
): PlacedFault[] {
  return spaces.flatMap((space, i) => {
    const ofSpace = settings.filter((setting) => setting.space === space);
    const conflicts = ofSpace.flatMap(({ params }) => conflictOf(space, params) ?? []);
    const [first] = conflicts;
    if (first === undefined) return [];
    const message = `${conflicts.length} of ${ofSpace.length} settings are invalid, such as ${first}: use a separate entry`;
    return [{ path: ['space', i], message }];
  });
}

function conflictOf({ algorithm, params: searched }: SearchSpace, params: Params): string | undefined {
  const [fault] = faultsOf({ algorithm, params });
  if (fault === undefined) return undefined;
  const varied = Object.keys(searched).map((name) => `${name} ${String(params[name])}`);
  return `${varied.join(', ')} (${fault.name}: ${fault.message})`;
}
