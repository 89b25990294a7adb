import type { ParamSpecs } from '../base/index.ts';
import { virtualSavesParams } from '../content/index.ts';

/**
 * The parts of a pipeline around its algorithm, which work with every algorithm. One word each, as in requests,
 * presets, flags and docs.
 */
export interface Levers {
  readonly fadePins: number;
  readonly halfLifeDays: number;
  readonly orderDecay: number;
  readonly windowDays: number;
  readonly virtualWeight: number;
  readonly fadeSaves: number;
  readonly minRelevance: number;
  readonly specificity: number;
  readonly linearShare: number;
  readonly hubCorrection: number;
  readonly model: string;
  readonly modelCandidates: number;
  readonly diversity: number;
  readonly calibration: number;
  readonly rareShare: number;
  readonly exploreShare: number;
  readonly explorePins: number;
  readonly exploreTemperature: number;
  readonly backfill: boolean;
}

/**
 * Every lever, stated once: flags, the REST schema, sweep files, presets, the page's sliders and docs/pipeline.md come
 * from here. No algorithm has a parameter of one of these names.
 */
export const leverSpecs: ParamSpecs<Levers> = {
  fadePins: {
    kind: 'number',
    min: 0,
    max: 1000,
    default: 0,
    about:
      'for `pixie`: the number of query pins beyond the first at which parameters are halfway from their own values to those of `ideas`, and specificity halfway to 0; 0 is off',
  },
  halfLifeDays: {
    kind: 'number',
    min: 1e-3,
    max: 1e6,
    default: 180,
    about: "days after which a user's save counts half, measured back from their newest save",
  },
  orderDecay: {
    kind: 'number',
    min: 0.01,
    max: 1,
    default: 1,
    about:
      "weight of a user's save relative to the next newer one; saves of one moment weigh the same, and 1 is off",
  },
  windowDays: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 0,
    about:
      'for `popular`, also as the cold-start fallback: count only saves of this many days before the newest one; 0 counts all',
  },
  virtualWeight: virtualSavesParams.virtualWeight,
  fadeSaves: virtualSavesParams.fadeSaves,
  minRelevance: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    about: 'drop items that score below this share of the best score',
  },
  specificity: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    about:
      'from popular (0) to rare (1): how much a pin must be visited more often than by chance; `related` has 0.5',
  },
  linearShare: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    about:
      'share of the item weights of `build --linear` in the scores: 0 is the algorithm alone, 1 the weights alone, as `linear`',
  },
  hubCorrection: {
    kind: 'number',
    min: -1,
    max: 1,
    default: 0,
    about: 'multiplies each score by the relative PageRank to the power −hubCorrection: above 0 demotes hubs',
  },
  model: {
    kind: 'name',
    default: '',
    about:
      'rank by the probability of this action, such as `click`, by the active model of it; items then state their `probability`; empty is off',
  },
  modelCandidates: {
    kind: 'integer',
    min: 1,
    max: 10_000,
    default: 200,
    about: 'for `model`: how many candidates it ranks, the best by score; never fewer than the list needs',
  },
  diversity: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    about: 'maximal marginal relevance over communities: 0 is pure relevance, 1 maximum variety',
  },
  calibration: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    about:
      'for queries of several pins: from the order of scores (0) to topics in the shares that they have in the query (1); topics are the coarsest communities',
  },
  rareShare: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    about:
      'share of the list for pins with few saves, drawn by `randomSeed` from the best of them; items then state their `propensity`',
  },
  exploreShare: {
    kind: 'number',
    min: 0,
    max: 1,
    default: 0,
    about:
      'probability that the order of the best pins is drawn by `randomSeed`; items then state their `propensity`',
  },
  explorePins: {
    kind: 'integer',
    min: 2,
    max: 50,
    default: 20,
    about: 'for `exploreShare`: how many of the best pins are drawn from',
  },
  exploreTemperature: {
    kind: 'number',
    min: 0.01,
    max: 1e6,
    default: 0.5,
    about:
      'for `exploreShare`: a pin with half the best score is exp(0.5 / exploreTemperature) times less likely to be first than the best; high ones shuffle',
  },
  backfill: {
    kind: 'boolean',
    default: true,
    about: 'fill a short list with pins further away, ranked by personalised PageRank',
  },
};

/** Parameters and levers that rank pins only: a preset used for boards or users drops them. */
export const pinsOnly: readonly string[] = [
  'lastHop',
  'sharpening',
  'sharpeningPins',
  'boardSharpening',
  'popularityDiscount',
  'specificity',
  'linearShare',
  'hubCorrection',
  'model',
  'diversity',
  'calibration',
  'rareShare',
  'exploreShare',
];
