import type { Params } from '../pipeline/index.ts';
import {
  type Attempt,
  type CoordinateSearchOptions,
  type LeverGroup,
  type Measure,
  coordinateSearch,
} from './coordinate-search.ts';

interface DoublingSearchOptions extends CoordinateSearchOptions {
  /** Users that compare the finalists, at most; `users` is for the first pass. */
  readonly usersMax: number;
  /** What `measure` may still do, in any unit; 0 when it measures no more. */
  readonly workLeft: () => number;
}

interface DoublingSearch {
  readonly best: Params;
  readonly attempts: readonly Attempt[];
  /** Users that compared the finalists of the last complete pass. */
  readonly users: number;
  /** Whether the first pass tried all values. */
  readonly isComplete: boolean;
}

/**
 * Passes of {@link coordinateSearch}, each from what the one before found and with twice the users, as long as the work
 * left pays for as much a user as the pass before took. More users may decide what few left open, and undo what few
 * kept by chance. Measurements of a setting are reused.
 */
export async function doublingSearch(
  groups: readonly LeverGroup[],
  start: Params,
  measure: Measure,
  { usersMax, workLeft, ...first }: DoublingSearchOptions,
): Promise<DoublingSearch> {
  const attempts: Attempt[] = [];
  let best = start;
  let done = 0;
  for (let users = first.users; ; users = Math.min(2 * users, usersMax)) {
    const before = workLeft();
    const usersFirst = Math.ceil((first.usersFirst * users) / first.users);
    const pass = await coordinateSearch(groups, best, measure, { ...first, users, usersFirst });
    best = pass.best;
    attempts.push(...pass.attempts);
    const left = workLeft();
    if (left === 0) return { best, attempts, users: done || users, isComplete: done > 0 };
    const perUser = (before - left) / (users - done);
    done = users;
    const more = Math.min(users, usersMax - users);
    if (more <= 0 || perUser * more > left) return { best, attempts, users, isComplete: true };
  }
}
