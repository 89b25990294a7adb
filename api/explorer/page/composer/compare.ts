import { type RecommendedItem, nodeOf } from '../rest/index.ts';

/** How an item compares with another list: ranks gained (negative: lost), or `only` when that list lacks it. */
export type Mark = number | 'only';

/** Marks by key. */
export function marksOf(
  items: readonly RecommendedItem[],
  others: readonly RecommendedItem[],
): ReadonlyMap<string, Mark> {
  const ranks = new Map(others.map((item) => [nodeOf(item).key, item.rank]));
  return new Map(
    items.map((item) => {
      const { key } = nodeOf(item);
      const rank = ranks.get(key);
      return [key, rank === undefined ? 'only' : rank - item.rank];
    }),
  );
}

/** The marks of items that the other list lacks: only one of two lists shows moves. */
export function onlyThere(marks: ReadonlyMap<string, Mark>): ReadonlyMap<string, Mark> {
  return new Map([...marks].filter(([, mark]) => mark === 'only'));
}

/** How many items two lists have in common. */
export function sharedCount(a: readonly RecommendedItem[], b: readonly RecommendedItem[]): number {
  return [...marksOf(a, b).values()].filter((mark) => mark !== 'only').length;
}
