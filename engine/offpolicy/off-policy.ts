import { check } from '../base/index.ts';
import { Moments } from '../experiments/index.ts';
import { type Interval, normalInterval } from '../metrics/index.ts';

/** One shown item, and its reward. */
export interface LoggedItem {
  readonly reward: number;
  /** Probability in (0, 1] with which the logged policy showed the item there. */
  readonly propensity: number;
  /** Probability in [0, 1] with which the target policy would. */
  readonly target: number;
  /** A model's expected reward of the item shown, for the doubly robust estimate. */
  readonly predicted?: number | undefined;
  /** That model's expected reward under the target policy: over all items, each by its target probability. */
  readonly predictedTarget?: number | undefined;
}

/**
 * How items of one list act on each other. `item-position`: not at all; probabilities are those of the item at its position
 * (Li et al., KDD 2018, doi:10.1145/3219819.3220028). `cascade`: an item's reward may depend on those above it;
 * probabilities are conditional on them (McInerney et al., KDD 2020, doi:10.1145/3394486.3403229).
 */
export const listModels = ['item-position', 'cascade'] as const;
export type ListModel = (typeof listModels)[number];

interface Estimate {
  readonly value: number;
  readonly standardError: number;
  /** 95 %, normal approximation. */
  readonly interval: Interval;
}

export interface OffPolicyReport {
  readonly items: number;
  readonly lists: number;
  readonly users: number;
  /** The logged policy's reward per list. */
  readonly logged: Estimate;
  /** Mean of the weights: 1 if the log could show all that the target would. */
  readonly meanWeight: Estimate;
  /** Kish's: (Σw)² / Σw², the number of items that equal weights would need for as much information. */
  readonly effectiveSampleSize: number;
  /** Why there are no estimates. */
  readonly refused: 'no-support' | 'effective-sample-size' | null;
  /** The target policy's estimated reward per list. */
  readonly estimates: {
    readonly ips: Estimate;
    readonly snips: Estimate;
    /** Null without predictions. */
    readonly dr: Estimate | null;
  } | null;
}

/** Below this share of the items, an estimate rests on a handful of them. */
const effectiveShareMin = 0.01;
/** Standard errors and absolute distance from 1 at which the mean weight shows missing support. */
const supportErrors = 4;
const supportDistance = 0.02;

/**
 * Estimates what a target policy would have earned from the log of another, which chose at random with known propensities.
 * With weights w = target / propensity, of an item or, for `cascade`, multiplied along the list above and including it:
 *
 *     IPS    mean over lists of Σ w · r                          (Horvitz and Thompson 1952)
 *     SNIPS  Σ w · r over the mean weight                        (Swaminathan and Joachims, NeurIPS 2015)
 *     DR     mean over lists of Σ (w' · q_target + w · (r − q))  (Dudík, Langford and Li, ICML 2011)
 *
 * r is the reward, q its prediction, w' the weight of the items above (1 for `item-position`). Lists of one item are the usual
 * bandit case. Variances are by user. Estimates are refused where the log cannot support them: when the mean weight is
 * clearly not 1, so that the target shows what the log never could (or propensities are wrong), and when the effective
 * sample size is below 1 % of the items. Call {@link addUser} for each user, then {@link report}. Constant memory.
 */
export class OffPolicy {
  readonly #model: ListModel;
  readonly #logged = new Moments();
  readonly #weights = new Moments();
  readonly #ips = new Moments();
  readonly #snips = new Moments();
  readonly #dr = new Moments();
  #items = 0;
  #lists = 0;
  #weightSum = 0;
  #squareSum = 0;
  #hasPredictions = true;

  constructor(model: ListModel) {
    this.#model = model;
  }

  /**
   * Adds the lists of one user, each from its first position on. Throws `invalid-parameter` for a probability out of range
   * or a value that is not finite.
   */
  addUser(lists: readonly (readonly LoggedItem[])[]): void {
    let [logged, ips, dr, weight] = [0, 0, 0, 0];
    for (const list of lists) {
      let above = 1;
      for (const item of list) {
        checkLoggedItem(item);
        const { reward, propensity, target, predicted, predictedTarget } = item;
        const own = (above * target) / propensity;
        this.#items++;
        this.#weightSum += own;
        this.#squareSum += own ** 2;
        logged += reward;
        ips += own * reward;
        weight += own / list.length;
        if (predicted === undefined || predictedTarget === undefined) this.#hasPredictions = false;
        else dr += above * predictedTarget + own * (reward - predicted);
        if (this.#model === 'cascade') above = own;
      }
    }
    const count = lists.length;
    this.#lists += count;
    this.#logged.add({ numerator: logged, denominator: count, covariate: 0 });
    this.#weights.add({ numerator: weight, denominator: count, covariate: 0 });
    this.#ips.add({ numerator: ips, denominator: count, covariate: 0 });
    this.#snips.add({ numerator: ips, denominator: weight, covariate: 0 });
    this.#dr.add({ numerator: dr, denominator: count, covariate: 0 });
  }

  /** O(1). */
  report(): OffPolicyReport {
    const meanWeight = estimateOf(this.#weights);
    const effectiveSampleSize = this.#squareSum === 0 ? 0 : this.#weightSum ** 2 / this.#squareSum;
    const distance = Math.abs(meanWeight.value - 1);
    const lacksSupport = distance > supportDistance && distance > supportErrors * meanWeight.standardError;
    const refused = lacksSupport
      ? 'no-support'
      : effectiveSampleSize < effectiveShareMin * this.#items
        ? 'effective-sample-size'
        : null;
    return {
      items: this.#items,
      lists: this.#lists,
      users: this.#logged.users,
      logged: estimateOf(this.#logged),
      meanWeight,
      effectiveSampleSize,
      refused,
      estimates:
        refused === null
          ? {
              ips: estimateOf(this.#ips),
              snips: estimateOf(this.#snips),
              dr: this.#hasPredictions ? estimateOf(this.#dr) : null,
            }
          : null,
    };
  }
}

/** Throws `invalid-parameter` for a probability out of range, or a value that is not finite. */
export function checkLoggedItem({
  reward,
  propensity,
  target,
  predicted = 0,
  predictedTarget = 0,
}: LoggedItem): void {
  check(propensity > 0 && propensity <= 1, 'propensity', `${propensity} is not in (0, 1]`);
  check(target >= 0 && target <= 1, 'target', `${target} is not in [0, 1]`);
  for (const value of [reward, predicted, predictedTarget]) {
    check(Number.isFinite(value), 'reward', `${value} is not a finite number`);
  }
}

function estimateOf(moments: Moments): Estimate {
  const { value } = moments;
  const standardError = Math.sqrt(moments.variance / moments.users);
  return { value, standardError, interval: normalInterval(value, standardError) };
}
