import type { JudgedSearch } from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import type { Database } from '../database/index.ts';
import { engagementReport } from '../engagement/index.ts';
import { dayVersions, readClickedSearches } from '../interactions/index.ts';
import type { Boards } from './index-texts.ts';
import { SearchJudge } from './judge-search.ts';
import type { SearchIndex } from './search-index.ts';

/** Searches that are read: some 4 ms each. */
const searchesMax = 2_000;
/** Clicks at rank 1 of the lists in random order, and searches with clicks, without which nothing is known. */
const firstClicksMin = 30;
const clickedMin = 100;
/** A click counts at most ten times: clipped, so that a few clicks far down do not decide. */
const propensityMin = 0.1;
const windowHours = 24;

/** The probability that a rank is looked at, relative to the first. */
type PositionBias = (rank: number) => number;

/**
 * Searches of the log that led to clicks. A click counts 1 / the probability that its rank is looked at: what it says about its
 * pin, whatever ranked it (Joachims, Swaminathan and Schnabel, WSDM 2017, doi:10.1145/3018661.3018699; summed with discounts as by
 * Agarwal et al., SIGIR 2019, doi:10.1145/3331184.3331202). None for too few searches. O(rows of the log + searches · pins).
 */
export async function clickSearches(
  { folder, database, graph }: { folder: DataFolder; database: Database; graph: Boards },
  index: SearchIndex,
  bias: PositionBias,
): Promise<JudgedSearch[]> {
  const logged = readClickedSearches(folder, searchesMax);
  if (logged.length < clickedMin) return [];
  const idOf = database.prepare<[string], number>('SELECT id FROM pins WHERE key = ?').pluck();
  const judge = new SearchJudge(index, graph);
  const byQuery = new Map<string, JudgedSearch>();
  const searches: JudgedSearch[] = [];
  for (const { user: person, query, ranks, clicked } of logged) {
    const gains = new Map<number, number>();
    for (const key of clicked) {
      const pin = idOf.get(key);
      if (pin !== undefined) gains.set(pin, 1 / Math.max(propensityMin, bias(ranks.get(key)!)));
    }
    if (gains.size === 0) continue;
    const found = byQuery.get(query) ?? (await judge.judge(query, { gains, ideal: 1 }));
    byQuery.set(query, found);
    searches.push({ ...found, gains, person });
  }
  return searches;
}

/**
 * Clicks by rank relative to rank 1, of the lists of an arm that were in random order: there, the pins of all ranks are alike.
 * Undefined for too few clicks. O(rows of days that have changed).
 */
export function positionBias(folder: DataFolder, arm: string): PositionBias | undefined {
  const days = [...dayVersions(folder).keys()];
  if (days.length === 0) return undefined;
  const [from, to] = [Math.min(...days), Math.max(...days)];
  const { rows } = engagementReport(folder, {
    from,
    to,
    windowHours,
    touch: 'last',
    dedupe: 'impression',
    by: 'rank',
    arm,
  });
  const byRank = new Map(
    rows.flatMap(({ group, actions }) => {
      const clicks = actions.find(({ kind }) => kind === 'click');
      return clicks === undefined || group === null ? [] : [[Number(group), clicks] as const];
    }),
  );
  if ((byRank.get(1)?.impressions ?? 0) < firstClicksMin) return undefined;
  return (rank) => Math.min(1, byRank.get(rank)?.ofFirstRank?.ratio ?? 0);
}
