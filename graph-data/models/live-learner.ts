import {
  type FeatureState,
  type ScorerModel,
  type Shown,
  Encoder,
  Ftrl,
  OnlineLearner,
  Scorer,
} from '../../engine/model/index.ts';

type FtrlModel = ScorerModel & { readonly learned: { readonly learner: 'ftrl' } };

/**
 * Logistic regression that learns the interactions it serves beside, from the first stored one on, as training does: its weights follow
 * from these alone. Holds the slots of the impressions of one window.
 */
export class LiveLearner {
  /** Scores by the weights of the moment. */
  readonly scorer: Scorer;
  readonly #encoder: Encoder;
  readonly #ftrl: Ftrl;
  readonly #online: OnlineLearner;
  readonly #slots = new Map<number, Int32Array>();
  readonly #own: Int32Array;
  #features = new Float64Array(0);
  #next = 0;

  /** `alpha`: the step size that the model was trained with. */
  constructor(model: FtrlModel, windowMs: number, alpha: number) {
    const { features, fields, learned } = model;
    const { slotBits } = learned;
    this.#encoder = new Encoder(features, fields, learned);
    this.#ftrl = new Ftrl({ alpha, slotBits }, this.#encoder.slotsMax);
    this.#own = new Int32Array(this.#encoder.slotsMax);
    const weights = new Float64Array(this.#ftrl.slotCount);
    this.scorer = new Scorer({ ...model, learned: { ...learned, weights } });
    this.#online = new OnlineLearner({
      model: this.#ftrl,
      windowMs,
      slotsOf: (row) => this.#slots.get(row)!,
      onLearned: (row, slots) => {
        this.#slots.delete(row);
        this.#ftrl.copyWeights(slots, weights);
      },
    });
  }

  /** Learns from the impressions settled before a time. */
  settle(time: number): void {
    this.#online.settle(time);
  }

  /** An impression, before it is counted: returns its number, and its log odds before calibration. Call {@link settle} with its time first. */
  shown(state: FeatureState, of: Shown): { readonly row: number; readonly logOdds: number } {
    if (this.#features.length < state.width) this.#features = new Float64Array(state.width);
    state.read(of, this.#features);
    const count = this.#encoder.encode(of, this.#features, 0, this.#own);
    const logOdds = this.#ftrl.logOdds(this.#own, count);
    const row = this.#next++;
    this.#slots.set(row, this.#own.slice(0, count));
    this.#online.shown(row, of.time);
    return { row, logOdds };
  }

  /** The action that the model predicts came on an impression. */
  acted(row: number, time: number): void {
    this.#online.acted(row, time);
  }
}
