import {
  type NamedSettings,
  type OpenGraph,
  type RecommendationInput,
  type RecommendedItem,
  recommend,
} from '../../api/library/index.ts';

/** The recommendations of two settings for one query: the output of `pinwalk compare --pin … --json`. */
export interface QueryComparison {
  readonly graphVersion: string;
  readonly k: number;
  readonly randomSeed: number;
  readonly query: RecommendationInput['query'];
  readonly settings: readonly [NamedSettings, NamedSettings];
  /** |A ∩ B| / max(|A|, |B|); 1 for two empty lists. */
  readonly overlap: number;
  readonly listA: readonly ComparedItem[];
  readonly listB: readonly ComparedItem[];
}

export interface ComparedItem {
  readonly key: string;
  readonly title?: string;
  readonly score: number;
  /** Rank in the other list, from 1; null if it is not there. */
  readonly placeInOther: number | null;
  readonly reason: string;
}

/** Runs the same query with both settings. Throws what `recommend` throws. */
export function compareQuery(
  graph: OpenGraph,
  query: RecommendationInput['query'],
  settings: readonly [NamedSettings, NamedSettings],
  { k, randomSeed }: { readonly k: number; readonly randomSeed: number },
): QueryComparison {
  const [a, b] = settings.map(({ algorithm, params }) => {
    const request = { query, limit: k, algorithm, params, randomSeed, explain: true, fields: ['title'] };
    return recommend(graph, request).items;
  }) as [readonly RecommendedItem[], readonly RecommendedItem[]];
  const [listA, listB] = [comparedItems(a, b), comparedItems(b, a)];
  const shared = listA.filter(({ placeInOther }) => placeInOther !== null).length;
  const longer = Math.max(listA.length, listB.length);
  const overlap = longer === 0 ? 1 : shared / longer;
  return { graphVersion: graph.version, k, randomSeed, query, settings, overlap, listA, listB };
}

function comparedItems(
  items: readonly RecommendedItem[],
  others: readonly RecommendedItem[],
): ComparedItem[] {
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
