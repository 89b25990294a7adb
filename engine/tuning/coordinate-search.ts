import type { Params } from '../pipeline/index.ts';
import { meanOf, standardError } from '../metrics/index.ts';

/** Levers that are tried together, in every combination of their values. */
export type LeverGroup = Readonly<Record<string, readonly (number | string)[]>>;

/**
 * The metric of each of the first `users` users under several settings of levers; undefined when no work is left. The
 * users are the same each time.
 */
export type Measure = (
  settings: readonly Params[],
  users: number,
) => Promise<readonly Float64Array[] | undefined>;

/** A setting that was tried, compared with the best one known until then. */
export interface Attempt {
  /** The levers that differ from the best one known. */
  readonly changes: Params;
  /** Users compared, each with itself. */
  readonly users: number;
  /** Mean difference of the metric, and its standard error. */
  readonly difference: number;
  readonly error: number;
  /** Whether it became the best one known. */
  readonly isKept: boolean;
}

export interface CoordinateSearchOptions {
  /** Users that compare the finalists. */
  readonly users: number;
  /** Users that screen all combinations of a group. */
  readonly usersFirst: number;
  /** Combinations of a group that go on from the screening, at most. */
  readonly finalists: number;
  /** A finalist is kept when it is better by more than this many standard errors. */
  readonly margin: number;
  /** Maximum number of rounds over all groups: a value kept in one group can make another value best in an earlier one. */
  readonly rounds: number;
}

/**
 * Searches one group of levers after the other: all combinations for a few users; then those that may be above the best
 * setting known, as they are not below it by a standard error, for all users; the best of these stays if it is so by a
 * margin, and the next group starts from it.
 * Deterministic. Ends after a round that changed nothing, or when `measure` has no work left, with the best setting known.
 * Each setting is measured once for a user, if `measure` remembers.
 */
export async function coordinateSearch(
  groups: readonly LeverGroup[],
  start: Params,
  measure: Measure,
  { users, usersFirst, finalists, margin, rounds }: CoordinateSearchOptions,
): Promise<{ readonly best: Params; readonly attempts: readonly Attempt[] }> {
  let best = start;
  const attempts: Attempt[] = [];
  /** By group: the best setting when it was last tried. */
  const triedFrom = new Map<LeverGroup, Params>();
  for (let round = 0; round < rounds; round++) {
    const before = best;
    for (const group of groups) {
      if (triedFrom.get(group) === best) continue;
      const screened = await compare(combinations(group, best), usersFirst);
      const promising = screened
        ?.filter(({ difference, error }) => difference > -error)
        .toSorted((a, b) => b.difference - a.difference)
        .slice(0, finalists);
      const compared = await compare(promising?.map(({ changes }) => changes) ?? [], users);
      if (screened === undefined || compared === undefined) return { best, attempts };
      const [first] = compared.toSorted((a, b) => b.difference - a.difference);
      const isBetter = first !== undefined && first.difference > margin * first.error;
      const kept = isBetter ? first : undefined;
      // The screening of a finalist says less than its comparison.
      const dropped = screened.filter(({ changes }) => !compared.some((each) => each.changes === changes));
      attempts.push(...dropped, ...compared.map((each) => Object.assign(each, { isKept: each === kept })));
      if (kept !== undefined) best = Object.assign({}, best, kept.changes);
      triedFrom.set(group, best);
    }
    if (best === before) break;
  }
  return { best, attempts };

  async function compare(changes: readonly Params[], usersMax: number): Promise<Attempt[] | undefined> {
    if (changes.length === 0) return [];
    const settings = [best, ...changes.map((each) => Object.assign({}, best, each))];
    const columns = await measure(settings, usersMax);
    if (columns === undefined) return undefined;
    const [current, ...others] = columns;
    return others.map((other, i) => {
      const differences = other.map((value, user) => value - current![user]!);
      const [difference, error] = [meanOf(differences), standardError(differences)];
      return { changes: changes[i]!, users: differences.length, difference, error, isKept: false };
    });
  }
}

/** The combinations of a group's values as changes of the current setting, but not that one. */
function combinations(group: LeverGroup, current: Params): Params[] {
  let all: Params[] = [{}];
  for (const [name, values] of Object.entries(group)) {
    all = all.flatMap((changes) =>
      values.map((value) =>
        value === current[name] ? changes : Object.assign({}, changes, { [name]: value }),
      ),
    );
  }
  return all.filter((changes) => Object.keys(changes).length > 0);
}
