import type { DataFolder } from '../data-folder.ts';
import { hasQueries, inMonth } from './month-files.ts';
import { listMonths } from './month-names.ts';

/** A search of a person, the impressions of its list, and the clicks on them. */
interface LoggedSearch {
  readonly user: string;
  readonly query: string;
  /** By pin: its rank. */
  readonly ranks: ReadonlyMap<string, number>;
  readonly clicked: ReadonlySet<string>;
}

type Row = [recommendation: string, user: string, pin: string, kind: string, rank: number | null];

/** What counts as a click. */
const click = 'click';

/**
 * The latest searches with a click on their list, at most `searchesMax`, newest month first: lists of
 * impressions with a `query` and ranks, and the clicks that name their `recommendationId`. O(rows of months
 * with queries).
 */
export function readClickedSearches(folder: DataFolder, searchesMax: number): LoggedSearch[] {
  const searches: LoggedSearch[] = [];
  for (const month of listMonths(folder).toReversed()) {
    if (searches.length >= searchesMax) break;
    const inThis = inMonth(folder, month, (database): LoggedSearch[] => {
      if (!hasQueries(database)) return [];
      const queries = new Map(
        database
          .prepare<[], [string, string]>(
            'SELECT recommendation, text FROM queries JOIN lists ON lists.id = queries.list ORDER BY lists.id DESC',
          )
          .raw()
          .all(),
      );
      const found = new Map<string, { user: string; ranks: Map<string, number>; clicked: Set<string> }>();
      const rows = database
        .prepare<[string], Row>(
          `WITH searched AS (SELECT recommendation FROM queries JOIN lists ON lists.id = queries.list)
           SELECT recommendation, users.key, pins.key, kinds.key, rank FROM interactions
           CROSS JOIN lists ON lists.id = list
           CROSS JOIN users ON users.id = lists.user
           CROSS JOIN pins ON pins.id = pin
           CROSS JOIN names AS kinds ON kinds.id = kind
           WHERE (kind = 1 AND rank IS NOT NULL OR kinds.key = ?)
             AND recommendation <> '' AND recommendation IN searched`,
        )
        .raw();
      for (const [recommendation, user, pin, kind, rank] of rows.iterate(click)) {
        const search = found.get(recommendation) ?? { user, ranks: new Map(), clicked: new Set() };
        found.set(recommendation, search);
        if (kind === click) search.clicked.add(pin);
        else search.ranks.set(pin, rank!);
      }
      return [...queries].flatMap(([recommendation, query]) => {
        const { user, ranks, clicked } = found.get(recommendation) ?? {
          ranks: new Map(),
          clicked: new Set(),
        };
        const shown = new Set([...clicked].filter((pin) => ranks.has(pin)));
        return user === undefined || shown.size === 0 ? [] : [{ user, query, ranks, clicked: shown }];
      });
    });
    searches.push(...inThis.slice(0, searchesMax - searches.length));
  }
  return searches;
}
