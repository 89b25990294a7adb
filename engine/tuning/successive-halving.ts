import { check } from '../base/index.ts';

/** One round of a search: so many settings are asked for so many users. */
export interface Rung {
  readonly settings: number;
  readonly users: number;
}

/**
 * The rounds of successive halving: all settings on a few users, the best 1/eta of them on eta times as many, and so on;
 * those of the last round on all `users`. So each round is about as much work as any other. It has as many rounds as leave
 * one setting at the end, or fewer, where the first would have less than `usersMin` users.
 *
 * Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016,
 * algorithm "Successive Halving": with eta = 2 and what is pulled an arm being users. From Li et al., "Hyperband", JMLR 18,
 * 2018, section 3: eta in place of 2, and the least and the most that one setting may be given (r and R there). Unlike both,
 * survivors keep nothing of earlier rounds: these users are among the later ones, and are asked again.
 */
export function rungsOf(settings: number, users: number, eta: number, usersMin: number): Rung[] {
  check(Number.isInteger(eta) && eta >= 2, 'eta', `${eta} is not a whole number from 2 on`);
  let last = 0;
  while (eta ** (last + 1) <= settings && users / eta ** (last + 1) >= usersMin) last++;
  return Array.from({ length: last + 1 }, (_, rung) => ({
    settings: Math.max(Math.floor(settings / eta ** rung), 1),
    users: Math.max(Math.round(users / eta ** (last - rung)), 1),
  }));
}

/** The places of the `count` best of some scores, in ascending order; of equal ones the first. */
export function survivors(scores: readonly number[], count: number): number[] {
  const best = [...scores.keys()].toSorted((i, j) => scores[j]! - scores[i]! || i - j);
  return best.slice(0, count).toSorted((i, j) => i - j);
}
