/** The contribution of one user to a metric. */
export interface Outcome {
  /** Such as clicks. */
  readonly numerator: number;
  /** Such as impressions; 1 if the metric is a mean per user. */
  readonly denominator: number;
  /** The same metric before the user met the experiment, or another number fixed by then. */
  readonly covariate: number;
}

/**
 * Means and co-moments of the outcomes of one arm's users, updated user by user (Welford 1962,
 * doi:10.1080/00401706.1962.10490022), so that large values do not cancel. Constant memory.
 */
export class Moments {
  users = 0;
  /** Means: numerator, denominator, covariate. */
  readonly #means = [0, 0, 0];
  /** Sums of the products of deviations, 3 × 3, row by row. */
  readonly #products = new Float64Array(9);

  add({ numerator, denominator, covariate }: Outcome): void {
    this.users++;
    const values = [numerator, denominator, covariate];
    const before = values.map((value, i) => value - this.#means[i]!);
    for (let i = 0; i < 3; i++) this.#means[i]! += before[i]! / this.users;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) this.#products[3 * i + j]! += before[i]! * (values[j]! - this.#means[j]!);
    }
  }

  /** The metric: the mean of the numerator over that of the denominator. NaN without a denominator. */
  get value(): number {
    return this.#means[0]! / this.#means[1]!;
  }

  get covariateMean(): number {
    return this.#means[2]!;
  }

  /**
   * The variance of the metric per user, by the delta method for ratios (Deng, Knoblich and Lu, KDD 2018,
   * doi:10.1145/3219819.3219919): the value's variance is this over the number of users. NaN below two users.
   */
  get variance(): number {
    const { value } = this;
    const sum = this.#of(0, 0) - 2 * value * this.#of(0, 1) + value ** 2 * this.#of(1, 1);
    return Math.max(sum, 0) / this.#means[1]! ** 2;
  }

  /** The covariance of the metric, linearised as in {@link variance}, and the covariate. */
  get covarianceWithCovariate(): number {
    return (this.#of(0, 2) - this.value * this.#of(1, 2)) / this.#means[1]!;
  }

  get covariateVariance(): number {
    return this.#of(2, 2);
  }

  #of(i: number, j: number): number {
    return this.#products[3 * i + j]! / (this.users - 1);
  }
}
