import { check } from '../base/index.ts';

/** One round of successive halving: `settings` settings, each evaluated on `users` users. */
export interface Rung {
  readonly settings: number;
  readonly users: number;
}

/**
 * The rounds of successive halving: all settings on few users, then the best 1/eta of them on eta times as many users,
 * and so on, up to all `users` in the last round. All rounds cost about the same. There are as many rounds as leave one
 * setting at the end, fewer if the first round would have less than `usersMin` users.
 * Throws `invalid-parameter` (`eta`) unless eta is an integer from 2.
 *
 * Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", AISTATS 2016,
 * algorithm "Successive Halving", with eta = 2 and users as the resource. Eta, and the least and the largest resource of
 * one setting (r and R), are from Li et al., "Hyperband", JMLR 18, 2018, section 3. Unlike in both papers, survivors are
 * evaluated from scratch: the users of earlier rounds are among those of later ones.
 */
export function rungsOf(settings: number, users: number, eta: number, usersMin: number): Rung[] {
  check(Number.isInteger(eta) && eta >= 2, 'eta', `${eta} is not an integer from 2`);
  let last = 0;
  while (eta ** (last + 1) <= settings && users / eta ** (last + 1) >= usersMin) last++;
  return Array.from({ length: last + 1 }, (_, rung) => ({
    settings: Math.max(Math.floor(settings / eta ** rung), 1),
    users: Math.max(Math.round(users / eta ** (last - rung)), 1),
  }));
}

/** Indices of the `count` best scores, ascending; ties go to the smaller index. */
export function survivors(scores: readonly number[], count: number): number[] {
  const best = [...scores.keys()].toSorted((i, j) => scores[j]! - scores[i]! || i - j);
  return best.slice(0, count).toSorted((i, j) => i - j);
}
