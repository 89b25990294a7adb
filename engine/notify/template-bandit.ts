import { type ParamSpecs, check, resolveParams } from '../base/index.ts';

/** Parameters of {@link chooseTemplate}; {@link templateParams} states their ranges, defaults and meanings. */
interface TemplateParams {
  readonly temperature: number;
  readonly penalty: number;
  readonly halfLifeDays: number;
  readonly prior: number;
}

const templateParams: ParamSpecs<TemplateParams> = {
  temperature: { kind: 'number', min: 1e-3, max: 100, default: 0.1, about: 'a template whose score is this much higher is e times as probable; small ones exploit' },
  penalty: { kind: 'number', min: 0, max: 10, default: 0.3, about: 'what the score of a template loses for a person who has just received it' },
  halfLifeDays: { kind: 'number', min: 0.01, max: 3_650, default: 7, about: 'days after which half of that loss has recovered' },
  prior: { kind: 'number', min: 0, max: 1e6, default: 200, about: 'notifications that a score is shrunk by towards 0' },
}; // prettier-ignore

/** One notification of the past: the probabilities of the templates that were eligible, which one was sent, and what came of it. */
export interface TemplateRound {
  /** By template; their sum is 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  readonly chosen: string;
  /** 1 if it was acted on, else 0. */
  readonly reward: number;
}

/** A template, and how probable each eligible one was. */
export interface TemplateChoice {
  readonly template: string;
  /** Of the chosen one, in (0, 1]. */
  readonly propensity: number;
  /** By eligible template. */
  readonly probabilities: Readonly<Record<string, number>>;
}

/**
 * Learns how much more is earned with each template than without it, where it is eligible: (μ⁺ − μ⁻) / μ⁻, where μ⁺ is the mean reward
 * had it always been sent, and μ⁻ that of the same policy without it, both by weighted importance sampling. A difference, so that
 * templates which are eligible for different people compare. Shrunk to 0 by `prior` effective notifications. The arm score of the
 * recovering difference softmax (Yancey and Settles, "A Sleeping, Recovering Bandit Algorithm for Optimizing Recurring Notifications",
 * KDD 2020, doi:10.1145/3394486.3403351). The order of rounds changes only roundings. Memory does not depend on their number.
 */
export class TemplateScores {
  readonly #prior: number;
  readonly #sums = new Map<string, { readonly with: WeightedMean; readonly without: WeightedMean }>();

  /** Throws `invalid-parameter`. */
  constructor(given: Partial<TemplateParams> = {}) {
    this.#prior = resolveParams(templateParams, given).prior;
  }

  /** O(eligible templates). Throws `invalid-parameter` if the chosen template has no probability. */
  add({ probabilities, chosen, reward }: TemplateRound): void {
    check((probabilities[chosen] ?? 0) > 0, 'probabilities', 'lack the chosen template');
    for (const [template, probability] of Object.entries(probabilities)) {
      const sum = this.#sums.get(template) ?? { with: new WeightedMean(), without: new WeightedMean() };
      this.#sums.set(template, sum);
      if (template === chosen) sum.with.add(reward, 1 / probability);
      else if (probability < 1) sum.without.add(reward, 1 / (1 - probability));
    }
  }

  /** 0 for a template of which nothing is known. */
  of(template: string): number {
    const sum = this.#sums.get(template);
    if (sum === undefined) return 0;
    const [mean, other] = [sum.with.mean, sum.without.mean];
    if (!(other > 0) || Number.isNaN(mean)) return 0;
    const size = Math.min(sum.with.effectiveSize, sum.without.effectiveSize);
    return ((mean - other) / other) * (size / (size + this.#prior));
  }
}

/**
 * Chooses among the templates that are eligible now: softmax of their scores, each less what it has not recovered yet of having been
 * sent to this person, penalty · 2^(−days / halfLifeDays). `scoreOf`: {@link TemplateScores.of}. `daysSince`: since the person was sent it
 * last, from 0; Infinity for never. `unit`: a draw in [0, 1), independent for each notification. O(eligible). Throws `invalid-parameter`.
 */
export function chooseTemplate(
  eligible: readonly string[],
  scoreOf: (template: string) => number,
  daysSince: (template: string) => number,
  unit: number,
  given: Partial<TemplateParams> = {},
): TemplateChoice {
  const { temperature, penalty, halfLifeDays } = resolveParams(templateParams, given);
  check(eligible.length > 0, 'eligible', 'is empty');
  const values = eligible.map((template) => {
    const days = daysSince(template);
    check(days >= 0, 'daysSince', `${days} is not a number from 0`);
    return (scoreOf(template) - penalty * 2 ** (-days / halfLifeDays)) / temperature;
  });
  const best = Math.max(...values);
  const weights = values.map((value) => Math.exp(value - best));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  let [place, below] = [0, shares[0]!];
  while (place < eligible.length - 1 && unit >= below) below += shares[++place]!;
  // Rounding may leave the sum below the draw, and a share of 0 last.
  while (shares[place] === 0) place--;
  const probabilities = Object.fromEntries(eligible.map((template, i) => [template, shares[i]!]));
  return { template: eligible[place]!, propensity: shares[place]!, probabilities };
}

/** A mean by weights, and how many equally weighted values would be as certain (Kish). */
class WeightedMean {
  #weights = 0;
  #squares = 0;
  #values = 0;

  add(value: number, weight: number): void {
    this.#weights += weight;
    this.#squares += weight * weight;
    this.#values += weight * value;
  }

  /** NaN without values. */
  get mean(): number {
    return this.#values / this.#weights;
  }

  get effectiveSize(): number {
    return this.#squares === 0 ? 0 : (this.#weights * this.#weights) / this.#squares;
  }
}
