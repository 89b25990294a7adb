import type { AlgorithmName, Params } from '../algorithms.ts';
import { check } from '../base/index.ts';
import { type RandomStream, nextBelow, nextUnit, randomStream } from '../random/index.ts';

/** What a parameter may be: some values, or any number from one to another (`isLog`: as likely in each power of ten). */
export type ParamValues =
  | { readonly kind: 'values'; readonly values: readonly (number | string | boolean)[] }
  | {
      readonly kind: 'range';
      readonly from: number;
      readonly to: number;
      readonly isLog: boolean;
      readonly isInteger: boolean;
    };

/** Settings of one algorithm, or of a preset of it, to choose from. */
export interface SearchSpace {
  /** The algorithm or preset that was named. */
  readonly name: string;
  readonly algorithm: AlgorithmName;
  /** What the preset sets; parameters that are in neither have the algorithm's defaults. */
  readonly base: Params;
  readonly params: Readonly<Record<string, ParamValues>>;
}

/** One point of a search space: `params` without the defaults. */
export interface SpaceSetting {
  readonly space: SearchSpace;
  readonly params: Params;
}

/** Of each seed's streams, the one of random search. */
const searchStream = 0x4000_0020;
/** Draws a setting that is new may take, after which a space counts as exhausted. */
const drawsMax = 200;

/** How many settings a grid has; Infinity where a range is in it. */
export function gridSize(spaces: readonly SearchSpace[]): number {
  return spaces.reduce((sum, { params }) => {
    const sizes = Object.values(params).map((each) =>
      each.kind === 'values' ? each.values.length : Infinity,
    );
    return sum + sizes.reduce((product, size) => product * size, 1);
  }, 0);
}

/** Every setting of the spaces, one after the other, the last parameter changing first. Throws `invalid-parameter` for ranges. */
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
 * So many different settings drawn at random, seeded, from each of the spaces in turn: fewer, when the spaces have no more.
 * Each setting has a stream of its own, so that the first ones stay the same when more are asked for.
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
      const told = JSON.stringify([turn % spaces.length, params]);
      isNew = !seen.has(told);
      if (isNew) drawn.push({ space, params });
      seen.add(told);
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
        : within(each, nextUnit(stream));
  }
  return drawn;
}

/** The value of a range at a place from 0 to 1. Four digits are enough, and make a result that people can write down. */
function within({ from, to, isLog, isInteger }: ParamValues & { kind: 'range' }, place: number): number {
  const value = isLog ? from * (to / from) ** place : from + (to - from) * place;
  const rounded = isInteger ? Math.round(value) : Number(value.toPrecision(4));
  return Math.min(Math.max(rounded, from), to);
}
