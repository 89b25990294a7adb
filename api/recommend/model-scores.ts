import type { ScoreReasons } from '../../engine/model/index.ts';
import type { ScoreByModel } from '../../engine/pipeline/index.ts';
import { numberOfKey } from '../../engine/random/index.ts';
import type { ScoredPin } from '../../engine/rank/index.ts';
import type { ModelScores, Store } from '../../graph-data/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';
import type { ModelSource } from './model-source.ts';

/** Numbers of the keys of pins by index: read once a pin. */
export class PinNumbers {
  readonly #store: Store;
  #numbers = new Float64Array(0);

  constructor(store: Store) {
    this.#store = store;
  }

  /** −1 for a pin that was removed. */
  of(pin: number): number {
    if (pin >= this.#numbers.length) {
      const grown = new Float64Array(Math.max(1_024, 2 * this.#numbers.length, pin + 1)).fill(NaN);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    const known = this.#numbers[pin]!;
    if (!Number.isNaN(known)) return known;
    const key = this.#store.keyAt('pins', pin);
    return (this.#numbers[pin] = key === undefined ? -1 : numberOfKey(key));
  }
}

type ScoredRequest = Pick<RecommendationRequest, 'audience' | 'algorithm' | 'pipeline'>;

/** Scores the candidates of one request by a model, and remembers which. */
export class RequestScorer {
  /** What scored, once it has. */
  used: Pick<ModelScores, 'version' | 'asOf'> | undefined;
  readonly #models: ModelSource;
  readonly #numbers: Pick<PinNumbers, 'of'>;
  readonly #request: ScoredRequest;

  constructor(models: ModelSource, numbers: Pick<PinNumbers, 'of'>, request: ScoredRequest) {
    this.#models = models;
    this.#numbers = numbers;
    this.#request = request;
  }

  readonly score: ScoreByModel = (label, candidates) => {
    const { probabilities, version, asOf } = this.#models.scores(label, this.#candidates(candidates));
    this.used = { version, asOf };
    return probabilities;
  };

  /** What moves the score of each pin. `score`: of what retrieved it. */
  reasons(pins: readonly ScoredPin[]): ScoreReasons[] {
    return this.#models.reasons(this.#request.pipeline.score.model, this.#candidates(pins));
  }

  #candidates(pins: readonly ScoredPin[]) {
    const { audience, algorithm } = this.#request;
    return {
      user: audience?.user,
      surface: audience?.surface,
      pipeline: algorithm,
      pins: Float64Array.from(pins, ({ pin }) => this.#numbers.of(pin)),
      scores: Float64Array.from(pins, ({ score }) => score),
    };
  }
}
