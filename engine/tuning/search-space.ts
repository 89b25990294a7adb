import type { AlgorithmName, Params } from '../pipeline/index.ts';
import { check } from '../base/index.ts';
import { type RandomStream, nextBelow, nextUnit, randomStream } from '../random/index.ts';

/** The values a parameter may take: a list, or a range with both ends (`isLog`: uniform on a logarithmic scale). */
export type ParamValues =
  | { readonly kind: 'values'; readonly values: readonly (number | string | boolean)[] }
  | {
      readonly kind: 'range';
      readonly from: number;
      readonly to: number;
      readonly isLog: boolean;
      readonly isInteger: boolean;
    };

/** A search space over the parameters of one algorithm or preset. */
export interface SearchSpace {
  /** Name of the algorithm or preset. */
  readonly name: string;
  readonly algorithm: AlgorithmName;
  /** Fixed parameters, those of the preset. Parameters in neither `base` nor `params` keep their defaults. */
  readonly base: Params;
  readonly params: Readonly<Record<string, ParamValues>>;
}

/** A point of a search space; `params` excludes defaults. */
export interface SpaceSetting {
  readonly space: SearchSpace;
  readonly params: Params;
}

/** Random substream of the search. */
const searchStream = 0x4000_0020;
/** A space counts as exhausted after this many draws without a new setting. */
const drawsMax = 200;

/** Number of settings of a grid; Infinity if a parameter is a range. */
export function gridSize(spaces: readonly SearchSpace[]): number {
  return spaces.reduce((sum, { params }) => {
    const sizes = Object.values(params).map((each) =>
      each.kind === 'values' ? each.values.length : Infinity,
    );
    return sum + sizes.reduce((product, size) => product * size, 1);
  }, 0);
}

/** All settings of the spaces, space by space; the last parameter varies fastest. Throws `invalid-parameter` for a range. */
export function gridSettings(spaces: readonly SearchSpace[]): SpaceSetting[] {
  return spaces.flatMap((space) => {
    let all: Params[] = [space.base];
    for (const [name, each] of Object.entries(space.params)) {
      check(each.kind === 'values', name, 'a grid needs values, not a range');
      all = all.flatMap((params) => each.values.map((value) => Object.assign({}, params, { [name]: value })));
    }
    return all.map((params) => ({ space, params }));
  });
}

/**
 * Draws `settings` distinct settings from the spaces in turn; fewer if the spaces are exhausted. Seeded. Every setting has
 * its own random stream, so requesting more settings does not change the first ones.
 */
export function randomSettings(
  spaces: readonly SearchSpace[],
  settings: number,
  randomSeed: number,
): SpaceSetting[] {
  const drawn: SpaceSetting[] = [];
  const seen = new Set<string>();
  const exhausted = new Set<SearchSpace>();
  for (let turn = 0; drawn.length < settings && exhausted.size < spaces.length; turn++) {
    const space = spaces[turn % spaces.length]!;
    if (exhausted.has(space)) continue;
    const stream = randomStream(randomSeed, turn, searchStream);
    let isNew = false;
    for (let draw = 0; draw < drawsMax && !isNew; draw++) {
      const params = drawParams(space, stream);
      const key = JSON.stringify([turn % spaces.length, params]);
      isNew = !seen.has(key);
      if (isNew) drawn.push({ space, params });
      seen.add(key);
    }
    if (!isNew) exhausted.add(space);
  }
  return drawn;
}

function drawParams({ base, params }: SearchSpace, stream: RandomStream): Params {
  const drawn: Record<string, number | string | boolean> = { ...base };
  for (const [name, each] of Object.entries(params)) {
    drawn[name] =
      each.kind === 'values'
        ? each.values[nextBelow(stream, each.values.length)]!
        : pointOf(each, nextUnit(stream));
  }
  return drawn;
}

/** The value at a fraction, 0 to 1, of a range. Rounded to four significant digits, for people to write down. */
function pointOf({ from, to, isLog, isInteger }: ParamValues & { kind: 'range' }, fraction: number): number {
  const value = isLog ? from * (to / from) ** fraction : from + (to - from) * fraction;
  const rounded = isInteger ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(Math.max(rounded, from), to);
}
