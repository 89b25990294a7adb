import { type ParamSpecs, type SharedParams, check, sharedParams } from '../base/index.ts';
import type { NodeKind } from '../graph/index.ts';

/** Largest number of steps of one query. */
export const stepsMax = 10_000_000;

/** Parameters of {@link pixie}; {@link pixieParams} states their ranges, defaults and meanings. */
export interface PixieParams extends SharedParams {
  readonly steps: number;
  readonly stepsPerQueryPin: number;
  readonly restartProbability: number;
  readonly stepShares: 'power' | 'paper';
  readonly startWeight: number;
  readonly popularityDiscount: number;
  readonly lastHop: 'drawn' | 'spread';
  readonly boost: boolean;
  readonly earlyStop: 'none' | 'visits' | 'stable';
  readonly earlyStopPins: number;
  readonly earlyStopVisits: number;
  readonly stableTop: number;
  readonly stableOverlap: number;
}

/** The defaults are those of Pinterest's own service: 100,000 steps, α = 0.5 (Pinterest Engineering blog, 2018). */
export const pixieParams: ParamSpecs<PixieParams> = {
  steps: {
    kind: 'integer',
    min: 1,
    max: stepsMax,
    default: 100_000,
    about:
      'steps of all query pins together; with sharpening a few more or fewer, as second steps are rounded at random',
  },
  stepsPerQueryPin: {
    kind: 'integer',
    min: 1,
    max: stepsMax,
    default: stepsMax,
    about: 'at most this many steps per query pin, so that a query of few pins costs less',
  },
  restartProbability: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0.5,
    about: "probability of returning to the query pin after each step (the paper's α); 1 walks single steps",
  },
  stepShares: {
    kind: 'choice',
    values: ['power', 'paper'],
    default: 'power',
    about:
      'how steps are divided among query pins: by weight · degree^startWeight, or by weight and Eq. 1 of the paper',
  },
  startWeight: {
    kind: 'number',
    min: -2,
    max: 2,
    default: 0,
    about: "exponent of the degree in a query pin's share of the steps",
  },
  popularityDiscount: {
    kind: 'number',
    min: -2,
    max: 2,
    default: 0,
    about: 'exponent z of the popularity discount: scores are multiplied by degree^-z',
  },
  lastHop: {
    kind: 'choice',
    values: ['drawn', 'spread'],
    default: 'drawn',
    about:
      'drawn: a step visits one random pin of the board (the paper); spread: all its pins in equal parts',
  },
  boost: {
    kind: 'boolean',
    default: false,
    about: 'favor pins visited from several query pins: (Σ √visits)², Eq. 3 of the paper',
  },
  ...sharedParams,
  earlyStop: {
    kind: 'choice',
    values: ['none', 'visits', 'stable'],
    default: 'none',
    about: 'visits: stop when enough pins have enough visits (the paper); stable: when the top is stable',
  },
  earlyStopPins: {
    kind: 'integer',
    min: 1,
    max: stepsMax,
    default: 2000,
    about: 'visits: the walk of a query pin stops when this many pins (n_p) …',
  },
  earlyStopVisits: {
    kind: 'integer',
    min: 1,
    max: stepsMax,
    default: 4,
    about: 'visits: … have this many visits (n_v)',
  },
  stableTop: {
    kind: 'integer',
    min: 1,
    max: 1000,
    default: 100,
    about: 'stable: size of the top that must be stable',
  },
  stableOverlap: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0.9,
    about: 'stable: stop when this share of the top is expected to be in the top of the full walk',
  },
};

/** Throws `invalid-parameter` for valid parameters that cannot be combined with each other or with a target. */
export function checkPixieParams(params: PixieParams, target: NodeKind): void {
  check(params.sharpening === 0 || !params.boost, 'sharpening', 'cannot be combined with boost');
  check(params.sharpening === 0 || target === 'pins', 'sharpening', 'is for pins, not for boards or users');
  const isSpread = params.lastHop === 'spread';
  check(params.boardSharpening === 0 || isSpread, 'boardSharpening', 'requires lastHop spread');
  check(!isSpread || !params.boost, 'lastHop', 'spread cannot be combined with boost');
  check(!isSpread || target === 'pins', 'lastHop', 'spread is for pins, not for boards or users');
  check(!isSpread || params.earlyStop === 'none', 'lastHop', 'spread cannot be combined with earlyStop');
  const isStable = params.earlyStop === 'stable';
  check(!isStable || !params.boost, 'earlyStop', 'stable cannot be combined with boost');
  check(!isStable || target === 'pins', 'earlyStop', 'stable is for pins, not for boards or users');
  const isDiscounted = params.popularityDiscount !== 0;
  check(!isDiscounted || target !== 'users', 'popularityDiscount', 'is for pins and boards, not for users');
}
