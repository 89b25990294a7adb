import { Encoder } from './encoder.ts';
import {
  type FeatureDefinition,
  type FeatureFields,
  type FeatureState,
  type Shown,
  nameOf,
} from './features/index.ts';
import { type PlattByChannel, plattOf, probabilityIn } from './platt.ts';
import { sigmoid } from './probability.ts';
import { type Bins, type Forest, ForestColumns, TreeContributions } from './trees/index.ts';

/** A trained model in memory. */
export interface ScorerModel {
  readonly features: readonly FeatureDefinition[];
  readonly fields: FeatureFields;
  readonly learned:
    | {
        readonly learner: 'ftrl';
        readonly bins: Bins;
        /** Of all slots: `Ftrl.weights`. */
        readonly weights: Float64Array;
        readonly slotBits: number;
      }
    | { readonly learner: 'trees'; readonly forest: Forest };
  readonly calibration: PlattByChannel;
}

/** Why a candidate has its probability. */
export interface ScoreReasons {
  readonly probability: number;
  /** Calibrated log odds: `base` and all contributions together. */
  readonly logOdds: number;
  readonly base: number;
  /** Largest first, by absolute value, without zeros. */
  readonly features: readonly {
    /** Its definition in words, such as `rate of click by user, prior 5`. */
    readonly name: string;
    /** Null for a hashed entity, and for an unknown value. */
    readonly value: number | null;
    /** To the calibrated log odds. */
    readonly contribution: number;
  }[];
}

/** Scores candidates of one moment by a trained model, from the counters of a {@link FeatureState} of its features. */
export class Scorer {
  readonly #model: ScorerModel;
  readonly #encoder: Encoder | undefined;
  readonly #trees: ForestColumns | undefined;
  #contributions: TreeContributions | undefined;

  /** O(nodes) for trees. Throws `invalid-parameter` for features that the fields do not have. */
  constructor(model: ScorerModel) {
    const { learned, features, fields } = model;
    this.#model = model;
    if (learned.learner === 'ftrl') this.#encoder = new Encoder(features, fields, learned);
    else this.#trees = new ForestColumns(learned.forest);
  }

  /**
   * Calibrated probabilities of the action, in [0, 1], of `count` candidates of one moment: one person, or many. `of` has their
   * entities and numbers column by column; NaN is an unknown number, −1 no entity. `channel`: the number of the surface in the
   * calibration; one that it does not have is calibrated as all. `calibration`: default, of the model. Bit by bit what each candidate alone would get. Changes nothing. Throws
   * `invalid-parameter` for a time before the latest event of the state. O(candidates · features, and for trees · trees · depth);
   * 1,000 candidates of one person in a millisecond (`npm run bench:models`).
   */
  probabilities(
    state: FeatureState,
    of: Shown,
    count: number,
    channel: number,
    out: Float64Array = new Float64Array(count),
    calibration: PlattByChannel = this.#model.calibration,
  ): Float64Array {
    this.logOdds(state, of, count, out);
    for (let i = 0; i < count; i++) out[i] = probabilityIn(calibration, channel, out[i]!);
    return out;
  }

  /** Log odds before calibration; otherwise as {@link probabilities}. */
  logOdds(state: FeatureState, of: Shown, count: number, out: Float64Array): void {
    const columns = state.readAll(of, count);
    const { learned } = this.#model;
    if (learned.learner === 'ftrl') this.#encoder!.sumWeights(of, columns, learned.weights, out);
    else this.#trees!.logOdds(columns, out);
  }

  /**
   * What the features of one candidate move in its calibrated log odds: of logistic regression their weights; of trees the means of
   * leaves along its path ({@link TreeContributions}). They describe the model, not causes. O(features), and O(trees · depth).
   */
  reasons(
    state: FeatureState,
    of: Shown,
    channel: number,
    calibration: PlattByChannel = this.#model.calibration,
  ): ScoreReasons {
    const { features } = this.#model;
    const { slope, intercept } = plattOf(calibration, channel);
    const row = new Float64Array(state.width);
    state.read(of, row);
    const { base, moved } = this.#movedBy(of, row);
    let column = 0;
    const named = features.map((definition, i) => {
      const value = definition.kind === 'entity' ? NaN : row[column++]!;
      return {
        name: nameOf(definition),
        value: Number.isNaN(value) ? null : value,
        contribution: slope * moved[i]!,
      };
    });
    const logOdds = new Float64Array(1);
    this.logOdds(state, of, 1, logOdds);
    const calibrated = slope * logOdds[0]! + intercept;
    return {
      probability: sigmoid(calibrated),
      logOdds: calibrated,
      base: slope * base + intercept,
      features: named
        .filter(({ contribution }) => contribution !== 0)
        .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
    };
  }

  /** Before calibration, by definition. */
  #movedBy(of: Shown, row: Float64Array): { base: number; moved: readonly number[] } {
    const { features, learned } = this.#model;
    if (learned.learner === 'ftrl') {
      const { bias, byDefinition } = this.#encoder!.weightsOf(of, row, learned.weights);
      return { base: bias, moved: byDefinition };
    }
    this.#contributions ??= new TreeContributions(learned.forest);
    const byColumn = this.#contributions.of(row);
    let column = 0;
    const moved = features.map(({ kind }) => (kind === 'entity' ? 0 : byColumn[column++]!));
    return { base: this.#contributions.base, moved };
  }
}
