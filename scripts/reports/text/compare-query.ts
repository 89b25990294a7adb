import {
  type NamedSettings,
  type OpenGraph,
  type RecommendationInput,
  type RecommendedItem,
  recommend,
} from '../../../api/library/index.ts';
import { printable } from '../../output.ts';
import { type TextTable, tableLines } from './text-table.ts';
import { nodeText } from './compare-tables.ts';

/** What two settings answer to one query: everything that `pinwalk compare --pin … --json` prints. */
export interface QueryComparison {
  readonly graphVersion: string;
  readonly k: number;
  readonly randomSeed: number;
  readonly query: RecommendationInput['query'];
  readonly settings: readonly [NamedSettings, NamedSettings];
  /** |A ∩ B| / max(|A|, |B|); two empty lists are alike. */
  readonly overlap: number;
  readonly listA: readonly ComparedItem[];
  readonly listB: readonly ComparedItem[];
}

interface ComparedItem {
  readonly key: string;
  readonly title?: string;
  readonly score: number;
  /** Its place in the other list, from 1; null where it is not in it. */
  readonly placeInOther: number | null;
  readonly reason: string;
}

/** Asks both settings the same query of a data folder. Throws what `recommend` throws. */
export function compareQuery(
  graph: OpenGraph,
  query: RecommendationInput['query'],
  settings: readonly [NamedSettings, NamedSettings],
  { k, randomSeed }: { readonly k: number; readonly randomSeed: number },
): QueryComparison {
  const [a, b] = settings.map(({ algorithm, params }) => {
    const question = { query, limit: k, algorithm, params, randomSeed, explain: true, fields: ['title'] };
    return recommend(graph, question).items;
  }) as [readonly RecommendedItem[], readonly RecommendedItem[]];
  const [listA, listB] = [placed(a, b), placed(b, a)];
  const both = listA.filter(({ placeInOther }) => placeInOther !== null).length;
  const longer = Math.max(listA.length, listB.length);
  const overlap = longer === 0 ? 1 : both / longer;
  return { graphVersion: graph.version, k, randomSeed, query, settings, overlap, listA, listB };
}

function placed(items: readonly RecommendedItem[], others: readonly RecommendedItem[]): ComparedItem[] {
  return items.map(({ pin = '', fields, score, reason }) => {
    const place = others.findIndex((other) => other.pin === pin);
    const title = fields?.['title'];
    return {
      key: pin,
      ...(typeof title === 'string' && title !== '' && { title }),
      score,
      placeInOther: place < 0 ? null : place + 1,
      reason: reason?.text ?? '',
    };
  });
}

/** Both lists side by side; behind each pin its place in the other list. */
export function queryTable({ settings, listA, listB }: QueryComparison): TextTable {
  return {
    columns: ['', settings[0].name, settings[1].name],
    rows: Array.from({ length: Math.max(listA.length, listB.length) }, (_, i) => {
      return [String(i + 1), itemText(listA[i]), itemText(listB[i])];
    }),
  };
}

function itemText(item: ComparedItem | undefined): string {
  return item === undefined ? '' : `${nodeText(item)} (${item.placeInOther ?? '–'})`;
}

/** The query, and what the two lists have in common. */
export function queryText({ query, graphVersion, randomSeed, overlap }: QueryComparison): string {
  const asked = query.map(({ pin, board, user }) => pin ?? board ?? user).join(', ');
  const share = (100 * overlap).toFixed(1);
  return `${asked}: ${share} % in common; seed ${randomSeed}, graph ${graphVersion}; (place in the other list)`;
}

export function queryLines(comparison: QueryComparison): string[] {
  const { columns, rows } = queryTable(comparison);
  const shown = { columns, rows: rows.map((row) => row.map(printable)) };
  return [printable(queryText(comparison)), '', ...tableLines(shown)];
}
