import type { ParamSpecs } from '../base/index.ts';

/** How a build compares what pins say; {@link contentBuildParams} states ranges, defaults and meanings. */
export interface ContentBuildParams {
  readonly neighborsMax: number;
  readonly prior: number;
  readonly savesMax: number;
  readonly wordsMax: number;
  readonly boardTitles: number;
}

export const contentBuildParams: ParamSpecs<ContentBuildParams> = {
  neighborsMax: {
    kind: 'integer',
    min: 1,
    max: 1000,
    default: 100,
    about:
      'saved pins that stand in for a pin with few saves, at most; fewer where there would be over 67 M links',
  },
  prior: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 5,
    about: 'sum of similarities at which half the weight of a pin is left: more for texts that say little',
  },
  savesMax: {
    kind: 'integer',
    min: 0,
    max: 1e9,
    default: 10,
    about: 'pins with up to so many saves get neighbors by content',
  },
  wordsMax: {
    kind: 'integer',
    min: 1,
    max: 10_000,
    default: 64,
    about: 'words kept of a pin: those that tell most apart',
  },
  boardTitles: {
    kind: 'integer',
    min: 0,
    max: 1000,
    default: 20,
    about: 'boards whose titles count as text of a pin, at most; 0 leaves titles of boards out',
  },
};

/** Links of a snapshot at most, about. */
const linksMax = 2 ** 26;
/** Neighbors of a pin, however many pins there are. */
const neighborsMin = 10;

/** Neighbors of each of so many pins. */
export function sizedNeighbors({ neighborsMax }: ContentBuildParams, targetCount: number): number {
  return Math.min(neighborsMax, Math.max(neighborsMin, Math.floor(linksMax / Math.max(1, targetCount))));
}
