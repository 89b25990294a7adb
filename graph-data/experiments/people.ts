import { type ArmOutcomes, Moments } from '../../engine/experiments/index.ts';
import { addTo } from '../engagement/index.ts';
import { impression } from '../interactions/index.ts';
import { type PersonDay, beforeExperiment, withoutPin } from './count-people.ts';
import type { Metric, Quantity } from './metric.ts';

interface Person {
  /** By index; -1 before the first exposure. */
  arm: number;
  isInSeveral: boolean;
  readonly sums: number[];
  readonly before: number[];
}

/** The quantities of some metrics, impressions first, each once. */
export function quantitiesOf(metrics: readonly Metric[]): Quantity[] {
  const all = metrics.flatMap(({ numerator, denominator }) => [
    numerator,
    ...(denominator ? [denominator] : []),
  ]);
  const distinct = new Map(all.map((each) => [keyOf(each), each]));
  const shown = { kind: impression, isValue: false };
  distinct.delete(keyOf(shown));
  return [shown, ...distinct.values()];
}

/** The people of an experiment and their impressions and actions so far, day by day. */
export class People {
  readonly #people = new Map<string, Person>();
  readonly #quantities: readonly Quantity[];

  constructor(quantities: readonly Quantity[]) {
    this.#quantities = quantities;
  }

  /** Days come in their order. O(people of the day). */
  addDay(rows: readonly PersonDay[]): void {
    // Exposures first: an action without a pin counts for those who have met an arm.
    for (const [key, arm, ...sums] of rows) {
      if (arm === withoutPin) continue;
      const person = this.#people.get(key) ?? this.#add(key);
      if (arm === beforeExperiment) addTo(person.before, sums);
      else {
        if (person.arm >= 0 && person.arm !== arm) person.isInSeveral = true;
        person.arm = arm;
        addTo(person.sums, sums);
      }
    }
    for (const [key, arm, ...sums] of rows) {
      const person = arm === withoutPin ? this.#people.get(key) : undefined;
      if (person !== undefined && person.arm >= 0) addTo(person.sums, sums);
    }
  }

  /** People who have met more than one arm: they are left out. */
  get inSeveralArms(): number {
    return [...this.#people.values()].filter(({ isInSeveral }) => isInSeveral).length;
  }

  /** Impressions by arm. */
  impressions(armCount: number): number[] {
    const counts = Array<number>(armCount).fill(0);
    for (const { arm, sums } of this.#people.values()) if (arm >= 0) counts[arm]! += sums[0]!;
    return counts;
  }

  /**
   * The outcomes by arm. The covariate of a person is the same metric before the experiment: for a ratio, the
   * numerator minus the expected one, the denominator times the average of all, which has the variance of the
   * ratio by person. O(people × metrics).
   */
  outcomes(arms: readonly string[], metrics: readonly Metric[]): ArmOutcomes[] {
    const met = [...this.#people.values()].filter(({ arm, isInSeveral }) => arm >= 0 && !isInSeveral);
    const all = arms.map((arm) => ({ arm, users: 0, metrics: metrics.map(() => new Moments()) }));
    for (const { arm } of met) all[arm]!.users++;
    for (const [i, { numerator, denominator }] of metrics.entries()) {
      const [over, under] = [this.#indexOf(numerator), denominator && this.#indexOf(denominator)];
      let [numerators, denominators] = [0, 0];
      for (const { before } of met) {
        numerators += before[over]!;
        denominators += under === undefined ? 0 : before[under]!;
      }
      const ratio = denominators === 0 ? 0 : numerators / denominators;
      for (const { arm, sums, before } of met) {
        all[arm]!.metrics[i]!.add({
          numerator: sums[over]!,
          denominator: under === undefined ? 1 : sums[under]!,
          covariate: before[over]! - (under === undefined ? 0 : ratio * before[under]!),
        });
      }
    }
    return all;
  }

  #add(key: string): Person {
    const zeros = (): number[] => this.#quantities.map(() => 0);
    const person = { arm: -1, isInSeveral: false, sums: zeros(), before: zeros() };
    this.#people.set(key, person);
    return person;
  }

  #indexOf(quantity: Quantity): number {
    return this.#quantities.findIndex((each) => keyOf(each) === keyOf(quantity));
  }
}

function keyOf({ kind, isValue }: Quantity): string {
  return `${isValue} ${kind}`;
}
