import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type TemplateRound,
  TemplateScores,
  chooseTemplate,
  nextUnit,
  randomStream,
} from '../../../engine/index.ts';
import { goodnessOfFit } from '../../statistical/chi-square.ts';

/** What is learned from some rounds. */
function learned(rounds: readonly TemplateRound[], prior?: number): TemplateScores {
  const scores = new TemplateScores(prior === undefined ? {} : { prior });
  for (const round of rounds) scores.add(round);
  return scores;
}

/** Scores by name; 0 for others. */
const fixed = (known: Readonly<Record<string, number>>) => (template: string) => known[template] ?? 0;

const names = ['because', 'title', 'question', 'count', 'news'];
const eligible = fc.subarray(names, { minLength: 1 });
const someScores = fc.dictionary(fc.constantFrom(...names), fc.double({ min: -2, max: 2, noNaN: true }));
const days = fc.array(fc.oneof(fc.double({ min: 0, max: 400, noNaN: true }), fc.constant(Infinity)), { minLength: 5, maxLength: 5 }); // prettier-ignore
const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('choosing a template', () => {
  test('only eligible templates have a probability, they sum to 1, and the chosen one states its own', () => {
    fc.assert(
      fc.property(eligible, someScores, days, unit, (awake, known, since, draw) => {
        const daysSince = (template: string): number => since[names.indexOf(template)]!;
        const choice = chooseTemplate(awake, fixed(known), daysSince, draw);
        expect(Object.keys(choice.probabilities).toSorted()).toEqual(awake.toSorted());
        expect(Object.values(choice.probabilities).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
        expect(awake).toContain(choice.template);
        expect(choice.propensity).toBe(choice.probabilities[choice.template]);
        expect(choice.propensity).toBeGreaterThan(0);
      }),
    );
  });

  test('draws choose as often as the probabilities say, and a sampler of another temperature does not', () => {
    const known = fixed({ because: 0.1, title: -0.05, news: 0.02 });
    const since = (template: string): number => (template === 'because' ? 3 : Infinity);
    const { probabilities } = chooseTemplate(names, known, since, 0);
    const p = (temperature: number): number => {
      const stream = randomStream(3);
      const counts = new Map(names.map((name) => [name, 0]));
      for (let i = 0; i < 20_000; i++) {
        const { template } = chooseTemplate(names, known, since, nextUnit(stream), { temperature });
        counts.set(template, counts.get(template)! + 1);
      }
      return goodnessOfFit(names.map((name) => counts.get(name)!), names.map((name) => probabilities[name]!)); // prettier-ignore
    };
    expect(p(0.1)).toBeGreaterThan(1e-6);
    expect(p(0.2)).toBeLessThan(1e-6);
  });

  test('a template recovers: the longer ago it was sent, the more probable, up to one that never was', () => {
    fc.assert(
      fc.property(eligible, someScores, fc.tuple(fc.double({ min: 0, max: 60, noNaN: true }), fc.double({ min: 0.1, max: 60, noNaN: true })), (awake, known, [ago, more]) => {
        const [first] = awake as [string];
        const at = (time: number): number =>
          chooseTemplate(awake, fixed(known), (template) => (template === first ? time : 9), 0.5).probabilities[first]!;
        expect(at(ago + more)).toBeGreaterThanOrEqual(at(ago));
        expect(at(Infinity)).toBeGreaterThanOrEqual(at(ago + more));
        if (awake.length > 1) expect(at(0)).toBeLessThan(at(14));
      }),
    ); // prettier-ignore
  });

  test('refuses what is not a choice', () => {
    expect(() => chooseTemplate([], fixed({}), () => 1, 0)).toThrow('eligible: is empty');
    expect(() => chooseTemplate(['a'], fixed({}), () => -1, 0)).toThrow('daysSince: -1');
    expect(() => chooseTemplate(['a'], fixed({}), () => 1, 0, { temperature: 0 })).toThrow('temperature');
    const probabilities = { a: 1 };
    expect(() => learned([{ probabilities, chosen: 'b', reward: 0 }])).toThrow('lack the chosen template'); // prettier-ignore
  });
});

/** People who act at rates of their own times an effect of the template, less where they have just received it. */
class World {
  readonly effects: Readonly<Record<string, number>> = { because: 1.3, title: 1, question: 0.8, count: 1.15, news: 1.25 }; // prettier-ignore
  readonly #stream;
  readonly #sent = new Map<string, number>();

  constructor(seed: number) {
    this.#stream = randomStream(seed);
  }

  daysSince(person: number, template: string, day: number): number {
    return day - (this.#sent.get(`${person} ${template}`) ?? -Infinity);
  }

  unit(): number {
    return nextUnit(this.#stream);
  }

  /** Odd people open four times as often, and only they may get `because`. */
  awakeFor(person: number): string[] {
    return person % 2 === 1 ? names : names.filter((name) => name !== 'because');
  }

  send(person: number, template: string, day: number): number {
    const tired = 1 - 0.6 * 2 ** (-this.daysSince(person, template, day) / 7);
    this.#sent.set(`${person} ${template}`, day);
    const rate = (person % 2 === 1 ? 0.2 : 0.05) * this.effects[template]! * tired;
    return this.unit() < rate ? 1 : 0;
  }
}

/** A year of weeks of 600 people; `policy` chooses by what is known at the start of each week. Returns actions per notification. */
function earn(seed: number, policy: 'bandit' | 'uniform' | 'best'): number {
  const world = new World(seed);
  const scores = new TemplateScores();
  let [actions, count] = [0, 0];
  let pending: TemplateRound[] = [];
  for (let day = 0; day < 160; day += 2) {
    if (day % 8 === 0) {
      for (const round of pending) scores.add(round);
      pending = [];
    }
    for (let person = 0; person < 600; person++) {
      const awake = world.awakeFor(person);
      const parameters =
        policy === 'bandit' ? {} : { temperature: policy === 'best' ? 1e-3 : 100, penalty: 0 };
      const choice = chooseTemplate(awake, (each) => scores.of(each), (each) => world.daysSince(person, each, day), world.unit(), parameters); // prettier-ignore
      const reward = world.send(person, choice.template, day);
      actions += reward;
      pending.push({ probabilities: choice.probabilities, chosen: choice.template, reward });
      count++;
    }
  }
  return actions / count;
}

describe('scores of templates', () => {
  test('find the effects of templates, also of templates that only active people get', () => {
    const world = new World(1);
    const rounds = Array.from({ length: 60_000 }, (_, i): TemplateRound => {
      const person = i % 600;
      // Everybody has recovered.
      const day = 100 * Math.floor(i / 600);
      const awake = world.awakeFor(person);
      const { template: chosen, probabilities } = chooseTemplate(awake, fixed({ title: 0.1 }), () => Infinity, world.unit()); // prettier-ignore
      return { probabilities, chosen, reward: world.send(person, chosen, day) };
    });
    const found = learned(rounds, 0);
    // `title` was drawn more often than others, so what it is compared with earns more than a plain mean of them.
    const order = names.toSorted((a, b) => found.of(b) - found.of(a));
    expect(order.slice(0, 2).toSorted()).toEqual(['because', 'news']);
    expect(order.at(-1)).toBe('question');
    expect(found.of('because')).toBeGreaterThan(0.1);
    expect(found.of('because')).toBeLessThan(0.4);
    // A mean of rewards would favour what only active people get by a factor of two and more.
    const few = learned(rounds.slice(0, 100));
    for (const name of names) expect(Math.abs(few.of(name))).toBeLessThan(0.4);
  });

  test('do not depend on the order of rounds beyond roundings', () => {
    const round = fc.record({ place: fc.nat(2), reward: fc.constantFrom(0, 1) });
    fc.assert(
      fc.property(fc.array(round, { minLength: 5 }), (given) => {
        const probabilities = { a: 0.5, b: 0.3, c: 0.2 };
        const rounds = given.map(({ place, reward }) => ({ probabilities, chosen: 'abc'[place]!, reward }));
        const [there, back] = [learned(rounds), learned(rounds.toReversed())];
        for (const name of 'abc') expect(back.of(name)).toBeCloseTo(there.of(name), 9);
      }),
    );
  });

  test('the bandit earns more than always sending the best template, and more than drawing evenly', () => {
    const [bandit, best, uniform] = (['bandit', 'best', 'uniform'] as const).map((policy) =>
      [1, 2, 3].reduce((sum, seed) => sum + earn(seed, policy) / 3, 0),
    ); // prettier-ignore
    expect(bandit).toBeGreaterThan(1.02 * uniform!);
    expect(bandit).toBeGreaterThan(1.2 * best!);
  });
});
