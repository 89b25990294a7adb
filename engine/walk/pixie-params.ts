import { type ParamSpecs, type SharedParams, sharedParams } from '../base/index.ts';

/** The longest walk that one query may ask for. */
export const stepsMax = 10_000_000;

/** Parameters of {@link pixie}; {@link pixieParams} has their ranges, defaults and meanings. */
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

/** The defaults are those of the paper's own service: 100,000 steps, α = 0.5 (Pinterest engineering, 2018). */
export const pixieParams: ParamSpecs<PixieParams> = {
  steps: {
    kind: 'integer',
    min: 1,
    max: stepsMax,
    default: 100_000,
    about:
      'steps over all query pins together; with sharpening a few more or fewer, as second steps are rounded at random',
  },
  stepsPerQueryPin: {
    kind: 'integer',
    min: 1,
    max: stepsMax,
    default: stepsMax,
    about: 'steps a query pin: a query of few pins is not given more than so many for each',
  },
  restartProbability: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0.5,
    about: "chance, after each step, of going back to the query pin (the paper's α); 1 is one-step walks",
  },
  stepShares: {
    kind: 'choice',
    values: ['power', 'paper'],
    default: 'power',
    about:
      'how query pins share the steps: by weight · degree^startWeight, or by weight and Eq. 1 of the paper',
  },
  startWeight: {
    kind: 'number',
    min: -2,
    max: 2,
    default: 0,
    about: 'exponent of the degree in the share of a query pin',
  },
  popularityDiscount: {
    kind: 'number',
    min: -2,
    max: 2,
    default: 0,
    about: 'exponent z of the discount degree^-z of what is recommended',
  },
  lastHop: {
    kind: 'choice',
    values: ['drawn', 'spread'],
    default: 'drawn',
    about:
      "drawn: a step's visit counts at the pin drawn (the paper); spread: at all pins of the board alike",
  },
  boost: {
    kind: 'boolean',
    default: false,
    about: 'favour pins visited from several query pins: (Σ √visits)², Eq. 3 of the paper',
  },
  ...sharedParams,
  earlyStop: {
    kind: 'choice',
    values: ['none', 'visits', 'stable'],
    default: 'none',
    about: 'end when many pins have a few visits (the paper), or when the top is stable',
  },
  earlyStopPins: {
    kind: 'integer',
    min: 1,
    max: stepsMax,
    default: 2000,
    about: 'visits: a query pin is done when this many pins (n_p) …',
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
    about: 'stable: the top whose pins are to stay',
  },
  stableOverlap: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0.9,
    about: 'stable: end when this share of the top is expected to be in that of the whole walk',
  },
};
