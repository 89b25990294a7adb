import {
  type Params,
  type SearchSpace,
  type SpaceSetting,
  faultsOf,
  gridSettings,
  randomSettings,
} from '../../../engine/index.ts';
import type { PlacedFault } from './read-space.ts';

/** How settings are chosen from a space: docs/sweep.md. */
export type SearchMethod =
  | { readonly method: 'grid' }
  | { readonly method: 'random'; readonly trials: number }
  | {
      readonly method: 'halving';
      readonly trials: number;
      /** Of the settings of a round, one in `eta` goes on, to `eta` times as many users. */
      readonly eta: number;
      /** No round has fewer users. */
      readonly usersMin: number;
    };

/** The settings that a search tries, in its order. */
export function settingsToTry(
  search: SearchMethod,
  space: readonly SearchSpace[],
  randomSeed: number,
): SpaceSetting[] {
  return search.method === 'grid' ? gridSettings(space) : randomSettings(space, search.trials, randomSeed);
}

/** Of each entry of the space, whether it has settings whose parameters do not go together. */
export function clashesOf(settings: readonly SpaceSetting[], spaces: readonly SearchSpace[]): PlacedFault[] {
  return spaces.flatMap((space, i) => {
    const ofSpace = settings.filter((setting) => setting.space === space);
    const clashes = ofSpace.flatMap(({ params }) => clashOf(space, params) ?? []);
    const [first] = clashes;
    if (first === undefined) return [];
    const count = `${clashes.length} of its ${ofSpace.length} settings cannot be asked, as`;
    return [{ path: ['space', i], message: `${count} ${first}: give them an entry of their own` }];
  });
}

function clashOf({ algorithm, params: searched }: SearchSpace, params: Params): string | undefined {
  const [fault] = faultsOf({ algorithm, params });
  if (fault === undefined) return undefined;
  const varied = Object.keys(searched).map((name) => `${name} ${String(params[name])}`);
  return `${varied.join(', ')} (${fault.message})`;
}
